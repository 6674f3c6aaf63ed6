using PiTap.Host.Output;
using PiTap.Model;

namespace PiTap.Host.Tests.Output;

public sealed class LiveStatusTests
{
    private static readonly LiveState s_state = new()
    {
        UptimeNs = 65 * PacketTime.NanosecondsPerSecond,
        Sources = [new SourceCounters { Source = "wlan0", Received = 4_321, DroppedByKernel = 2 }],
        Totals = new LiveTotals { Devices = 3, FlowsActive = 7 },
        Contacts =
        [
            new LiveContact { Device = "d", DeviceName = "phone", Host = "new.example", AgeNs = 1, BytesUp = 1,
                AppProtos = 1UL << (int)AppProtocol.Tls },
            new LiveContact { Device = "d", DeviceName = "ph\u001bone", Host = "busy.example", AgeNs = 2, BytesUp = 2,
                UpPerSecond = 2_048 },
        ],
    };

    [Fact]
    public void A_terminal_shows_counters_and_names()
    {
        IReadOnlyList<string> lines = LivePicture.Lines(s_state, width: 120, height: 24);
        Assert.Equal("1m 5s  wlan0  4,321 packets  3 devices  7 flows active  2 lost", lines[0]);
        Assert.Matches("^  phone +new.example +tls ", lines[2]);
        Assert.Matches(@"^  ph\\u\{1B\}one +busy.example +- +2.00 KiB/s up +0 B/s down$", lines[5]);
    }

    [Theory]
    [InlineData(40, 24)]
    [InlineData(120, 6)]
    [InlineData(80, 1)]
    public void The_picture_fits_the_terminal(int width, int height)
    {
        LiveState many = s_state with { Contacts = [.. Enumerable.Repeat(s_state.Contacts[0], 50)] };
        IReadOnlyList<string> lines = LivePicture.Lines(many, width, height);
        Assert.InRange(lines.Count, 1, Math.Max(1, height - 1));
        Assert.All(lines, line => Assert.True(line.Length < width));
    }

    [Fact]
    public void A_line_goes_above_the_picture_which_is_drawn_again()
    {
        using TestSurface test = new(isErrorTerminal: true);
        LiveStatus status = new(test.Surface);
        status.Show(s_state with { Sources = [], Contacts = [] });
        status.Line("wlan0 went away.");
        string[] parts = test.Error.Split("pitap: wlan0 went away.\n");
        Assert.EndsWith("\r\u001b[J", parts[0], StringComparison.Ordinal);
        Assert.Contains("0 packets", parts[1], StringComparison.Ordinal);
    }

    [Fact]
    public void Elsewhere_only_the_first_loss_is_told()
    {
        using TestSurface test = new();
        LiveStatus status = new(test.Surface);
        status.Show(s_state);
        status.Show(s_state with { Sources = [s_state.Sources[0] with { DroppedByKernel = 9 }] });
        Assert.Equal("pitap: wlan0 loses packets: 2 so far; 'pitap stats' keeps count.\n", test.Error);
    }
}

using PiTap.Host.Output;
using PiTap.Host.Platform;
using PiTap.Model;

namespace PiTap.Host.Tests.Output;

public sealed class LiveStatusTests
{
    private static readonly TerminalTraits s_xterm = TerminalTraits.Of(static name => name == "TERM" ? "xterm" : null);

    private static readonly LiveState s_state = new()
    {
        UptimeNs = 65 * PacketTime.NanosecondsPerSecond,
        Sources = [new SourceCounters { Source = "wlan0", Received = 4_321, DroppedByKernel = 2 }],
        Totals = new LiveTotals { Devices = 3, FlowsActive = 7 },
        Parties =
        [
            new LiveParty { Record = Party("Agora", "d", "CN", "US"), DeviceName = "phone", AgeNs = 1 },
            new LiveParty
            {
                Record = Party("in the network of Ev\u001bil", "e", null), DeviceName = "tablet", AgeNs = 2, UpPerSecond = 2_048,
            },
        ],
    };

    [Fact]
    public void A_terminal_shows_counters_and_names()
    {
        IReadOnlyList<string> lines = LivePicture.Lines(s_state, width: 120, height: 24);
        Assert.Equal("1m 5s  wlan0  4,321 packets  3 devices  7 flows active  2 lost", lines[0]);
        Assert.Matches("^Newest +Party +Role +Home +Hosted +Rate +Host$", lines[1]);
        Assert.Matches("^  phone +Agora +undeclared +CN +US +0 B/s +a\\.example$", lines[2]);
        Assert.Matches(@"^  tablet +in the network of Ev\\u\{1B\}il +third party +- +- +2.00 KiB/s +a\.example$", lines[5]);
    }

    [Theory]
    [InlineData(20, 24)]
    [InlineData(40, 24)]
    [InlineData(60, 24)]
    [InlineData(200, 24)]
    [InlineData(120, 6)]
    [InlineData(80, 1)]
    public void The_picture_fits_the_terminal(int width, int height)
    {
        LiveState many = s_state with { Parties = [.. Enumerable.Repeat(s_state.Parties[0], 50)] };
        IReadOnlyList<string> lines = LivePicture.Lines(many, width, height);
        Assert.InRange(lines.Count, 1, Math.Max(1, height - 1));
        // With room for what the terminal echoes of Ctrl-C.
        Assert.All(lines, line => Assert.True((line + "^C").Length < width));
    }

    [Fact]
    public void The_name_of_a_network_is_whole_in_eighty_cells_and_what_was_lost_stands_in_forty()
    {
        LiveState state = s_state with
        {
            Parties = [.. s_state.Parties.Take(1), new LiveParty
            {
                Record = Party("in the network of EnjoyVC", "e", "HK", "HK", "JP"), DeviceName = "Ada-iPhone", UpPerSecond = 1_040_000,
            }],
        };
        Assert.Matches("^  Ada-iPhone  in the network of EnjoyVC +undeclared +HK +HK JP +1016K/s$", LivePicture.Lines(state, 80, 24)[2]);
        Assert.Equal("1m 5s  wlan0  4,321 packets  2 lost", LivePicture.Lines(state, 40, 24)[0]);
        LiveState first = s_state with { Sources = [], Totals = new LiveTotals { Devices = 1, FlowsActive = 1 }, Parties = [] };
        Assert.Equal(["1m 5s  0 packets  1 device  1 flow active  0 lost"], LivePicture.Lines(first, 80, 24));
    }

    [Fact]
    public void A_line_goes_above_the_picture_which_is_drawn_again()
    {
        using TestSurface test = new(isErrorTerminal: true);
        using (LiveStatus status = new(test.Surface))
        {
            status.Show(s_state with { Sources = [], Parties = [] });
            Assert.True(SpinWait.SpinUntil(() => test.HasError, 10_000));
            status.Line("wlan0 went away.");
        }
        // What Spectre.Console draws: whatever stands before the line is erased, and the picture comes back below it.
        string[] parts = test.Error.Split("pitap: wlan0 went away.\n");
        Assert.Equal(2, parts.Length);
        Assert.EndsWith("\u001b[J", parts[0], StringComparison.Ordinal);
        Assert.Contains("0 packets", parts[1], StringComparison.Ordinal);
        Assert.EndsWith("\u001b[2K\u001b[?25h", parts[1], StringComparison.Ordinal);
    }

    [Fact]
    public void A_terminal_that_gets_narrower_keeps_what_it_scrolled_away_and_no_copy_of_the_picture()
    {
        using TestSurface test = new(isErrorTerminal: true, width: 120);
        using (LiveStatus status = new(test.Surface))
        {
            status.Show(s_state with { Sources = [] });
            Assert.True(SpinWait.SpinUntil(() => test.ErrorBytes > 600, 10_000));
            test.Surface.FixedWidth = 50;
            status.Line("wlan0 went away.");
        }
        string[] parts = test.Error.Split("pitap: wlan0 went away.\n");
        Assert.Equal(2, parts.Length);
        Assert.Contains("Busiest", parts[0], StringComparison.Ordinal);
        // The terminal has broken each line, all of which are as long as the longest, into rows of 50 cells.
        IReadOnlyList<string> lines = LivePicture.Lines(s_state with { Sources = [] }, 120, 24);
        int rows = (lines.Max(static line => line.Length) + 49) / 50;
        Assert.True(rows > 1);
        Assert.Contains(
            $"\r\u001b[{rows * (lines.Count - 1)}A\u001b[J\u001b[{lines.Count - 1}B", parts[0], StringComparison.Ordinal);
        Assert.DoesNotContain("\u001b[3J", test.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("\u001b[2J", test.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Elsewhere_only_the_first_loss_is_told()
    {
        using TestSurface test = new();
        using (LiveStatus status = new(test.Surface))
        {
            status.Show(s_state);
            status.Show(s_state with { Sources = [s_state.Sources[0] with { DroppedByKernel = 9 }] });
        }
        Assert.Equal("pitap: wlan0 loses packets: 2 so far; 'pitap stats' keeps count.\n", test.Error);
    }

    [Fact]
    [Trait("cap", "Host.LiveStatus.MaxLines")]
    public async Task Nobody_waits_for_a_terminal_that_is_stopped_and_what_it_did_not_take_is_counted()
    {
        using StoppedTerminal terminal = new();
        using Surface surface = new(Stream.Null, terminal, isOutputTerminal: false, isErrorTerminal: true, TimeProvider.System, s_xterm)
        {
            FixedWidth = 80,
            FixedHeight = 24,
        };
        using LiveStatus status = new(surface);
        status.Line("stopped");
        Assert.True(terminal.IsWaitedFor.Wait(10_000, TestContext.Current.CancellationToken));
        // From threads of their own: one that waits fails the test instead of hanging it.
        Task[] saying = [.. Enumerable.Range(0, 4).Select(_ => Task.Run(() =>
        {
            for (int i = 0; i < 256; i++)
            {
                status.Line("news");
                status.Show(s_state with { Sources = [] });
            }
        }))];
        await Task.WhenAll(saying).WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        terminal.Go();
        status.Dispose();
        // The first line is among the 256.
        Assert.Equal(255, terminal.Text.Split("pitap: news\n").Length - 1);
        Assert.Contains("pitap: stopped\n", terminal.Text, StringComparison.Ordinal);
        Assert.Contains("pitap: 769 further messages were left out", terminal.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_terminal_that_never_goes_on_does_not_keep_the_end_waiting()
    {
        using StoppedTerminal terminal = new();
        using Surface surface = new(Stream.Null, terminal, isOutputTerminal: false, isErrorTerminal: true, TimeProvider.System, s_xterm);
        LiveStatus status = new(surface);
        status.Line("stopped");
        Assert.True(terminal.IsWaitedFor.Wait(10_000, TestContext.Current.CancellationToken));
        status.Dispose();
        Assert.Equal("", terminal.Text);
        terminal.Go();
    }

    [Fact]
    public void A_picture_that_cannot_be_drawn_gives_way_to_lines()
    {
        using BrokenScreen screen = new();
        using Surface surface = new(Stream.Null, screen, isOutputTerminal: false, isErrorTerminal: true, TimeProvider.System, s_xterm);
        using (LiveStatus status = new(surface))
        {
            status.Show(s_state with { Sources = [] });
            Assert.True(screen.HasBroken.Wait(10_000, TestContext.Current.CancellationToken));
            status.Line("wlan0 went away.");
        }
        Assert.Equal("pitap: The picture cannot be drawn any more, what is new is told in lines: InvalidOperationException: no picture\n"
            + "pitap: wlan0 went away.\n", screen.Text);
    }

    private static PartyRecord Party(string party, string device, string? home, params string[] hosted) => new()
    {
        Device = device,
        Attribution = new PartyAttribution
        {
            Party = party,
            PartyReason = "domain",
            Role = PartyRole.ThirdParty,
            RoleReason = "category",
            IsDeclared = home is null ? null : false,
            HomeCountry = home,
            HostedIn = hosted,
        },
        Hosts = ["a.example"],
    };

    /// <summary>Takes lines, and trips over the first picture.</summary>
    private sealed class BrokenScreen : MemoryStream
    {
        public ManualResetEventSlim HasBroken { get; } = new();

        public string Text => System.Text.Encoding.UTF8.GetString(ToArray());

        public override void Write(byte[] buffer, int offset, int count)
        {
            if (buffer.AsSpan(offset, count).StartsWith("pitap: "u8))
            {
                base.Write(buffer, offset, count);
                return;
            }
            HasBroken.Set();
            throw new InvalidOperationException("no picture");
        }
    }

    /// <summary>Takes nothing until it is told to go on.</summary>
    private sealed class StoppedTerminal : MemoryStream
    {
        private readonly ManualResetEventSlim _goes = new();

        public ManualResetEventSlim IsWaitedFor { get; } = new();

        public string Text => System.Text.Encoding.UTF8.GetString(ToArray());

        public void Go() => _goes.Set();

        public override void Write(byte[] buffer, int offset, int count)
        {
            IsWaitedFor.Set();
            _goes.Wait();
            base.Write(buffer, offset, count);
        }
    }
}

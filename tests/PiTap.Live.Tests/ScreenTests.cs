using PiTap.Live.Tests.Kit;

namespace PiTap.Live.Tests;

/// <summary>A capture never ends before its work is done because of the screen that it is shown on.</summary>
public sealed class ScreenTests
{
    private const int Port = 7200;

    [Fact]
    public void A_window_that_is_closed_ends_the_capture_normally()
    {
        Tools.Require("script");
        using TapWorld world = new();
        string db = world.FileNamed("pitap.db");
        string command = $"'{Pitap.Executable}' live --interface {TapWorld.Watched} --db '{db}' --filter udp {Pitap.FlushInterval} 1";
        using Running window = TapWorld.Start(world.Tap, "script", ["-qec", command, "/dev/null"],
            new Dictionary<string, string> { ["TERM"] = "xterm" });
        Wait.Until(() => window.Output.Contains("Listening on", StringComparison.Ordinal), () => window.Output);
        UdpPeer.Send(world, Port, 50);
        window.Kill();
        Wait.Until(() => Pitap.RunsIfAny(db) is [{ Complete: true }], static () => "the capture's end");
        Assert.Equal(50, Assert.Single(Assert.Single(Pitap.Runs(db)).Sources).Received);
    }

    [Theory]
    [InlineData(Native.HangUp, "/dev/null", 0)]
    [InlineData(Native.Terminate, "/dev/full", 1)]
    public void What_was_captured_is_in_the_store_whatever_becomes_of_what_is_said(int signal, string screen, int code)
    {
        Tools.Require();
        using TapWorld world = new();
        string db = world.FileNamed("pitap.db");
        string command = $"exec '{Pitap.Executable}' live --interface {TapWorld.Watched} --db '{db}' --filter udp {Pitap.FlushInterval} 1 "
            + $"> {screen} 2> {screen}";
        using Running live = TapWorld.Start(world.Tap, "bash", ["-c", command]);
        // Nothing says when it listens.
        int tries = 0;
        Wait.Until(
            () => UdpPeer.Send(world, Port + ++tries, 1) > 0
                && Pitap.RunsIfAny(db).Sum(static run => run.Sources.Sum(static source => source.Received)) > 0,
            static () => "the first packet");
        Assert.Equal(code, live.End(signal));
        Assert.True(Assert.Single(Pitap.Runs(db)).Complete);
        Assert.NotEmpty(Pitap.Flows(db));
    }
}

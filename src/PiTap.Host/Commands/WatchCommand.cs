using System.CommandLine;
using PiTap.Host.Arguments;
using PiTap.Host.Output;
using PiTap.Host.Platform;
using PiTap.Host.Remote;
using PiTap.Model;

namespace PiTap.Host.Commands;

/// <summary>`pitap watch`: what a running `live` sees, in another terminal.</summary>
internal static class WatchCommand
{
    public static Command Create(Surface surface)
    {
        Option<string> db = CommonOptions.Db();
        Command command = new("watch",
            "Show what a running 'pitap live' sees, by name, until Ctrl-C: a screen on a terminal, elsewhere a line for each new party.")
        {
            db,
        };
        command.SetAction(parsed => RunAsync(surface, CommonOptions.NamedStore(parsed, db)).GetAwaiter().GetResult());
        return command;
    }

    private static async Task<int> RunAsync(Surface surface, string db)
    {
        using StopSignal stop = new();
        SocketLiveState states = new(db);
        if (surface.CanDraw)
        {
            using LiveStatus status = new(surface);
            await status.ShowAsync(states, stop.Token).ConfigureAwait(false);
        }
        else
        {
            PartyLines lines = new(surface);
            await foreach (LiveState state in states.WatchAsync(stop.Token).ConfigureAwait(false))
                lines.Show(state);
        }
        if (!stop.Token.IsCancellationRequested)
            surface.Say("The capture ended.");
        return ExitCode.Ok;
    }
}

using System.CommandLine;
using PiTap.Analysis;
using PiTap.Host.Arguments;
using PiTap.Host.Live;
using PiTap.Host.Output;
using PiTap.Host.Platform;
using PiTap.Host.Replay;
using PiTap.Model;
using PiTap.Store;
using PiTap.Store.Writing;

namespace PiTap.Host.Commands;

/// <summary>`pitap demo`: the case that PiTap comes from, played through the whole of it.</summary>
internal static class DemoCommand
{
    private const string Source = "demo (synthetic)";
    private const string Profile = "clubhouse-2021";

    public static Command Create(Surface surface)
    {
        Option<bool> fast = new("--fast") { Description = "As fast as it goes, in the place of the time that it took." };
        Option<string?> db = new("--db")
        {
            Description = "Keep what is found in this new store (default: demo.db in the user's cache folder, which begins anew).",
            HelpName = "PATH",
            CustomParser = static result => CommonOptions.NotEmpty(result, CommonOptions.Single(result)),
        };
        Command command = new("demo",
            "Play a made-up capture of what was seen of the app Clubhouse in February 2021: who it talked to, and what its users were not "
            + "told. Needs no phone, no rights and no network.")
        {
            fast, db,
        };
        command.SetAction(parsed => Run(surface, parsed.GetValue(fast), parsed.GetValue(db)));
        return command;
    }

    private static int Run(Surface surface, bool isFast, string? asked)
    {
        string db = DemoStore.Place(asked);
        using DemoSource packets = new(Source, ReadCapture(), isFast ? null : surface.Clock);
        // PiTap's own data and profiles alone: whoever changed theirs sees the same.
        Who who = new(null, Profile);
        who.Load(surface);
        using StopSignal stop = new();
        using RecordStore store = RecordStore.Open(
            new StoreOptions { Path = db, RetainDays = null, MaxSizeBytes = null, Notice = surface.Say }, surface.Clock);
        store.BeginRun(isFast ? "replay" : RecordStore.LiveMode, ProgramVersion.Text);
        surface.Paragraph("This is a made-up capture of what was seen of the app Clubhouse in February 2021: "
            + $"two phones, one room{(isFast ? "" : ", at the speed of then")}. No such packet was recorded.");
        surface.Out.Flush();
        if (isFast)
            Replay(packets, store, stop.Token);
        else
            Play(surface, packets, store, who, stop.Token);
        RunEnd end = store.CompleteRun();
        if (stop.Token.IsCancellationRequested)
            surface.Paragraph("It was ended before its time: below is what was seen until then.");
        Show(surface, store, who);
        // It may have to say what the disk did not take.
        store.Dispose();
        foreach (string sentence in end.Sentences(db))
            surface.Say(sentence);
        return end.IsWhole && store.IsWhole ? ExitCode.Ok : ExitCode.Failed;
    }

    private static byte[] ReadCapture()
    {
        using Stream capture = DemoCapture.Open();
        byte[] bytes = new byte[capture.Length];
        capture.ReadExactly(bytes);
        return bytes;
    }

    private static void Replay(DemoSource packets, RecordStore store, CancellationToken stop)
    {
        ReplayLoop loop = new(new Pipeline(new AnalysisOptions()), store);
        loop.Run(packets, static _ => { }, stop);
        loop.Finish();
    }

    private static void Play(Surface surface, DemoSource packets, RecordStore store, Who who, CancellationToken stop)
    {
        using LiveStatus status = new(surface);
        LiveHealthLog health = new(surface.Clock, () => new StoreCondition(store.IsWaiting, store.LostRows));
        LiveBoard board = new(surface.Clock, health, who.Attribute);
        LiveLoop loop = new(new Pipeline(new AnalysisOptions()), store, board, new ControlQueue(new ControlLimits()), surface.Clock,
            TimeSpan.FromSeconds(1), status.Line);
        board.Begin();
        Task showing = surface.CanDraw ? status.ShowAsync(board.Feed, CancellationToken.None) : TellAsync(surface, board.Feed);
        loop.Run(new LiveSource(packets, [packets], packets.Stop), null, stop);
        showing.GetAwaiter().GetResult();
    }

    private static async Task TellAsync(Surface surface, LiveFeed feed)
    {
        PartyLines lines = new(surface);
        await foreach (LiveState state in feed.WatchAsync(CancellationToken.None).ConfigureAwait(false))
            lines.Show(state);
    }

    private static void Show(Surface surface, RecordStore store, Who who)
    {
        using IStoreReader reader = store.CreateReader();
        StoreInfo info = reader.Info();
        RunRecord run = reader.Runs().Last();
        FoundTables found = FoundTables.Read(store, reader, info, who);
        found.Write(surface, info, run.Sources, run.Losses);
    }
}

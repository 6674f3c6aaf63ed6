using System.Diagnostics;
using PiTap.Model;
using PiTap.Store.Files;
using PiTap.Store.Tests.Kit;

namespace PiTap.Store.Tests.Forgetting;

public sealed class ForgetCrashTests
{
    private static readonly int s_kills = CrashWriter.Kills(usual: 5);

    [Fact]
    public void A_process_killed_while_it_forgets_leaves_the_store_of_before_or_of_after()
    {
        using TempFolder template = new();
        using (RecordStore store = template.Open())
        {
            store.BeginRun("replay", "1");
            for (int i = 0; i < 60; i++)
                store.Write(Household.Batch(1 + i * 1_000, 100));
            store.CompleteRun();
        }
        List<string> before;
        using (IStoreReader reader = StoreFile.OpenForReading(template.Store))
            before = Household.Records(reader);
        List<string> after = Household.WithoutAnna(before);
        Random random = new(7);
        for (int kill = 0; kill < s_kills; kill++)
        {
            using TempFolder folder = new();
            File.Copy(template.Store, folder.Store);
            File.Copy(StoreLock.PathOf(template.Store), StoreLock.PathOf(folder.Store));
            bool isSaidDone = KillOne(folder.Store, random.Next(0, 600));
            using (IStoreReader reader = StoreFile.OpenForReading(folder.Store))
                AssertEither(before, after, Household.Records(reader), isSaidDone);
            using RecordStore store = folder.Open();
            Assert.Null(store.OpenReport.SetAsidePath);
            List<string> opened = Household.Records(store.CreateReader());
            AssertEither(before, after, opened, isSaidDone);
            if (opened.Count == after.Count)
                Assert.Empty(Household.MarksIn(folder));
            store.Forget(Household.Anna);
            Assert.Empty(Household.MarksIn(folder));
            Assert.Equal(after, Household.Records(store.CreateReader()));
        }
    }

    private static void AssertEither(List<string> before, List<string> after, List<string> found, bool isSaidDone) =>
        Assert.Equal(isSaidDone || found.Count != before.Count ? after : before, found);

    /// <summary>Kills a process so long after it began to forget; true if it had said that it was done.</summary>
    private static bool KillOne(string storePath, int milliseconds)
    {
        string assembly = typeof(ForgetProcess).Assembly.Location;
        string[] arguments = ["exec", assembly, "-noLogo", "-explicit", "only", "-class", typeof(ForgetProcess).FullName!];
        ProcessStartInfo start = new("dotnet", arguments) { RedirectStandardOutput = true };
        start.Environment[CrashWriter.PathVariable] = storePath;
        using Process process = Process.Start(start)!;
        while (process.StandardOutput.ReadLine() is { } line && line != ForgetProcess.Begins)
        {
            // The test runner has its own lines.
        }
        process.WaitForExit(milliseconds);
        process.Kill();
        bool isDone = process.StandardOutput.ReadToEnd().Contains(ForgetProcess.Done, StringComparison.Ordinal);
        process.WaitForExit();
        return isDone;
    }
}

/// <summary>The other process's side.</summary>
public sealed class ForgetProcess
{
    internal const string Begins = "begins to forget", Done = "has forgotten";

    [Fact(Explicit = true)]
    public void Forgets_until_it_is_killed()
    {
        string path = Environment.GetEnvironmentVariable(CrashWriter.PathVariable)!;
        using RecordStore store = RecordStore.Open(new StoreOptions { Path = path }, TimeProvider.System);
        using Stream output = Console.OpenStandardOutput();
        output.Write(System.Text.Encoding.ASCII.GetBytes("\n" + Begins + "\n"));
        store.Forget(Household.Anna);
        output.Write(System.Text.Encoding.ASCII.GetBytes("\n" + Done + "\n"));
        Thread.CurrentThread.Join(Timeout.Infinite);
    }
}

using System.Text;
using System.Text.Json;
using PiTap.Live.Tests.Kit;
using PiTap.TestKit;

namespace PiTap.Live.Tests;

/// <summary>A device forgotten by a capture that goes on.</summary>
public sealed class ForgetTests
{
    private const string Host = "secret-of-the-phone.example";

    [Fact]
    public void Nothing_of_a_forgotten_device_is_left_in_the_store_of_a_running_capture()
    {
        Tools.Require();
        using TapWorld world = new();
        string db = world.FileNamed("pitap.db");
        using Running live = Pitap.Live(world, db, "--filter", $"ip host {TapWorld.PhoneAddress}");
        using InternetServers servers = new(world);
        new PhoneTraffic(world).AskAndGet(Host, secure: true);
        Wait.Until(() => Pitap.Lines("contacts", db).Any(static line => line.Contains(Host, StringComparison.Ordinal)), static () =>
            "the contact");
        string device = Pitap.Lines("contacts", db).Select(static line => JsonDocument.Parse(line).RootElement)
            .First(static contact => contact.GetProperty("host").GetString() == Host).GetProperty("device").GetString()!;
        Assert.True(IsInFiles(world, Encoding.UTF8.GetBytes(device)));
        // A phone that goes on talking is met anew, as any other.
        world.DeleteWatchedLink();
        live.WaitForError("went away");

        Answer forget = Pitap.Run("forget", device, "--db", db);
        Assert.Equal((0, ""), (forget.Code, forget.Error));
        Assert.StartsWith($"{device} is forgotten: ", forget.Output, StringComparison.Ordinal);
        Assert.False(IsInFiles(world, Encoding.UTF8.GetBytes(device)));
        Assert.False(IsInFiles(world, Encoding.UTF8.GetBytes(Host)));
        string address = $"\"{TapWorld.PhoneAddress}\"";
        foreach (string verb in (string[])["flows", "names", "devices", "contacts"])
            Assert.DoesNotContain(Pitap.Lines(verb, db), line => line.Contains(address, StringComparison.Ordinal));
        using (DaemonSocket watch = new(db, "watch"))
            Assert.DoesNotContain(Host, watch.ReadLine()!, StringComparison.Ordinal);

        Answer again = Pitap.Run("forget", device, "--db", db);
        Assert.Equal(1, again.Code);
        Assert.Contains("There is no device", again.Error, StringComparison.Ordinal);
        Assert.False(live.HasEnded);
        Assert.Equal(0, live.End(Native.Terminate));
        Assert.False(IsInFiles(world, Encoding.UTF8.GetBytes(Host)));
        Assert.False(IsInFiles(world, Encoding.UTF8.GetBytes(device)));
    }

    private static bool IsInFiles(TapWorld world, byte[] bytes) =>
        Directory.EnumerateFiles(world.Folder).Where(static file => !file.EndsWith(".sock", StringComparison.Ordinal))
            .Any(file => StoreBytes.Hold(StoreBytes.Read(file), bytes));
}

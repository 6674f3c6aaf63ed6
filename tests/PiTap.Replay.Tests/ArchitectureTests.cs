using System.Reflection;

namespace PiTap.Replay.Tests;

/// <summary>Who may know whom. A new arrow is a decision: it is made here and in src/ARCHITECTURE.md, or it is a mistake.</summary>
public sealed class ArchitectureTests
{
    private static readonly Dictionary<string, string[]> s_allowed = new()
    {
        ["PiTap.Model"] = [],
        ["PiTap.Wire"] = ["PiTap.Model"],
        ["PiTap.Catalogue"] = ["PiTap.Model"],
        ["PiTap.Analysis"] = ["PiTap.Model", "PiTap.Wire"],
        // SharpPcap's devices name PacketDotNet's link types: a cast, and never a packet.
        ["PiTap.Capture"] = ["PiTap.Model", "PiTap.Wire", "SharpPcap", "PacketDotNet", "ZstdSharp"],
        ["PiTap.Store"] = ["PiTap.Model", "LiteDB"],
        ["PiTap.Export"] = ["PiTap.Model", "PiTap.Wire"],
        ["pitap"] =
        [
            "PiTap.Model", "PiTap.Wire", "PiTap.Analysis", "PiTap.Capture", "PiTap.Store", "PiTap.Export",
            "System.CommandLine", "Spectre.Console", "Spectre.Console.Ansi",
        ],
    };

    public static TheoryData<string> Rooms() => [.. s_allowed.Keys];

    [Theory]
    [MemberData(nameof(Rooms))]
    public void A_room_knows_only_whom_it_may(string room)
    {
        IEnumerable<string> known = Assembly.Load(room).GetReferencedAssemblies().Select(static reference => reference.Name!)
            .Where(static name => !(name.StartsWith("System.", StringComparison.Ordinal) && name != "System.CommandLine") && name is not ("netstandard" or "mscorlib"))
            .Where(static name => !name.StartsWith("Microsoft.", StringComparison.Ordinal));
        Assert.Empty(known.Except(s_allowed[room]));
    }

    [Fact]
    public void Every_room_under_src_is_held_to_this()
    {
        IEnumerable<string> projects = Directory.EnumerateDirectories(Path.Combine(Repository.Root, "src")).Select(static folder => Path.GetFileName(folder));
        Assert.Equal(s_allowed.Keys.Select(static room => room == "pitap" ? "PiTap.Host" : room).Order(StringComparer.Ordinal), projects.Order(StringComparer.Ordinal));
    }
}

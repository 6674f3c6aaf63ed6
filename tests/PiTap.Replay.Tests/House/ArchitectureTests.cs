using System.Reflection;

namespace PiTap.Replay.Tests.House;

/// <summary>Who may know whom. A new arrow is a decision: it is made here and in src/ARCHITECTURE.md, or it is a mistake.</summary>
public sealed class ArchitectureTests
{
    /// <summary>What each room refers to besides the libraries that come with the runtime: rooms, packages, and other frameworks.</summary>
    internal static readonly Dictionary<string, string[]> Allowed = new()
    {
        ["PiTap.Model"] = [],
        ["PiTap.Wire"] = ["PiTap.Model"],
        ["PiTap.Catalogue"] = ["PiTap.Model"],
        ["PiTap.Analysis"] = ["PiTap.Model", "PiTap.Wire", "PiTap.Catalogue"],
        // SharpPcap's devices name PacketDotNet's link types: a cast, and never a packet.
        ["PiTap.Capture"] = ["PiTap.Model", "PiTap.Wire", "SharpPcap", "PacketDotNet", "ZstdSharp"],
        ["PiTap.Store"] = ["PiTap.Model", "LiteDB"],
        ["PiTap.Export"] = ["PiTap.Model", "PiTap.Wire"],
        ["PiTap.Panel"] = ["PiTap.Model", "QRCoder", "System.Device.Gpio", "Iot.Device.Bindings"],
        // A slice is compiled as a view of MVC is, with references to what it could have injected.
        ["PiTap.Web"] =
        [
            "PiTap.Model", "RazorSlices",
            "Microsoft.AspNetCore.Mvc.Abstractions", "Microsoft.AspNetCore.Mvc.Core", "Microsoft.AspNetCore.Mvc.Razor",
            "Microsoft.AspNetCore.Mvc.ViewFeatures",
            "Microsoft.AspNetCore.Razor.Runtime",
        ],
        ["pitap"] =
        [
            "PiTap.Model", "PiTap.Wire", "PiTap.Catalogue", "PiTap.Analysis", "PiTap.Capture", "PiTap.Store", "PiTap.Export", "PiTap.Web",
            "System.CommandLine", "Spectre.Console", "Spectre.Console.Ansi",
        ],
    };

    /// <summary>The folder of the libraries that come with the runtime.</summary>
    private static readonly string s_runtime = Path.GetDirectoryName(typeof(object).Assembly.Location)!;

    public static TheoryData<string> Rooms() => [.. Allowed.Keys];

    [Theory]
    [MemberData(nameof(Rooms))]
    public void A_room_knows_only_whom_it_may(string room)
    {
        IEnumerable<string> known = Assembly.Load(room).GetReferencedAssemblies().Select(static reference => reference.Name!)
            .Where(static name => !IsOfTheRuntime(name));
        Listing.IsEmpty(known.Except(Allowed[room]).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Every_room_under_src_is_held_to_this()
    {
        IEnumerable<string> projects =
            Directory.EnumerateFiles(Path.Combine(Repository.Root, "src"), "*.csproj", SearchOption.AllDirectories)
            .Select(static file => Path.GetFileNameWithoutExtension(file));
        Assert.Equal(Allowed.Keys.Select(static room => room == "pitap" ? "PiTap.Host" : room).Order(StringComparer.Ordinal),
            projects.Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("System.Runtime", true)]
    [InlineData("Microsoft.Win32.Primitives", true)]
    [InlineData("System.CommandLine", false)]
    [InlineData("System.Device.Gpio", false)]
    [InlineData("Iot.Device.Bindings", false)]
    [InlineData("Microsoft.AspNetCore.Http.Abstractions", false)]
    [InlineData("Microsoft.Extensions.Hosting", false)]
    public void Only_what_comes_with_the_runtime_needs_no_line(string name, bool needsNone)
    {
        Assert.Equal(needsNone, IsOfTheRuntime(name));
    }

    private static bool IsOfTheRuntime(string name) =>
        (name.StartsWith("System.", StringComparison.Ordinal) || name == "Microsoft.Win32.Primitives")
            && File.Exists(Path.Combine(s_runtime, name + ".dll"));
}

using System.Text.RegularExpressions;
using PiTap.Model;

namespace PiTap.Replay.Tests.House;

/// <summary>A protocol that the analysis can name is named everywhere: in texts, in the README, and to the fuzzer.</summary>
public sealed partial class ProtocolKindTests
{
    /// <summary>Kinds are bits of an unsigned 64-bit number (<see cref="ContactRecord.AppProtos"/>).</summary>
    private const int MaxKinds = 64;

    /// <summary>The fuzz target that reads this kind's bytes.</summary>
    private static readonly Dictionary<AppProtocol, string> s_targets = new()
    {
        [AppProtocol.Tls] = "client-hello",
        [AppProtocol.Quic] = "quic",
        [AppProtocol.Gquic] = "gquic",
        [AppProtocol.Dns] = "dns",
        [AppProtocol.Mdns] = "dns",
        [AppProtocol.Llmnr] = "dns",
        [AppProtocol.Dhcp] = "dhcp",
        [AppProtocol.Dhcp6] = "dhcp6",
        [AppProtocol.Http] = "http",
        [AppProtocol.Http2] = "http2",
        [AppProtocol.Stun] = "stun",
        [AppProtocol.Dtls] = "dtls",
        [AppProtocol.Rtp] = "rtp",
        [AppProtocol.Rtcp] = "rtp",
        [AppProtocol.SdRtn] = "sd-rtn",
        [AppProtocol.Ntp] = "ntp",
        [AppProtocol.Nbns] = "nbns",
        [AppProtocol.Tunnel] = "tunnel",
        [AppProtocol.Socks] = "socks",
        [AppProtocol.Sip] = "probe",
        [AppProtocol.Ike] = "probe",
        [AppProtocol.Esp] = "probe",
    };

    /// <summary>Kinds of which no bytes are parsed, each with the reason.</summary>
    private static readonly Dictionary<AppProtocol, string> s_withoutParser = new()
    {
        [AppProtocol.Unknown] = "nothing was recognised",
        [AppProtocol.Icmp] = "is told by the IP header's protocol number",
        [AppProtocol.Icmp6] = "is told by the IP header's next-header number",
        [AppProtocol.Ssh] = "is told by the four characters that its first line begins with",
        [AppProtocol.Ssdp] = "is told by its port",
        [AppProtocol.WireGuard] = "is told by message types and lengths; all else is encrypted",
    };

    public static TheoryData<AppProtocol> Kinds() => [.. Enum.GetValues<AppProtocol>()];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_kind_has_a_text_a_word_in_the_README_and_a_fuzz_target(AppProtocol kind)
    {
        Assert.True(s_targets.ContainsKey(kind) != s_withoutParser.ContainsKey(kind),
            $"{kind} has neither a fuzz target nor a reason to have none, or both");
        if (s_targets.TryGetValue(kind, out string? target))
        {
            Assert.Contains(target, Targets());
            Assert.NotEmpty(Directory.EnumerateFiles(Path.Combine(Repository.Root, "tests", "PiTap.Fuzz", "corpus", target)));
        }
        if (kind == AppProtocol.Unknown)
            return;
        Assert.Matches("^[a-z0-9-]+$", kind.Text());
        Assert.Contains($"`{kind.Text()}`", ReadmeRow(), StringComparison.Ordinal);
    }

    [Fact]
    public void The_README_names_no_kind_that_does_not_exist()
    {
        string[] kinds = [.. Enum.GetValues<AppProtocol>().Select(static kind => kind.Text()).OfType<string>(), "appProto", "appProtos"];
        Assert.Empty(Quoted().Matches(ReadmeRow()).Select(static match => match.Groups[1].Value).Except(kinds));
    }

    [Fact]
    public void Kinds_fit_into_the_bits_of_a_contact()
    {
        Assert.All(Enum.GetValues<AppProtocol>(), static kind => Assert.InRange((int)kind, 0, MaxKinds - 1));
    }

    private static string ReadmeRow() =>
        Assert.Single(File.ReadLines(Path.Combine(Repository.Root, "README.md")),
            static line => line.StartsWith("| `appProto`", StringComparison.Ordinal));

    private static IEnumerable<string> Targets() =>
        TargetLine().Matches(File.ReadAllText(Path.Combine(Repository.Root, "tests", "PiTap.Fuzz", "TargetTable.cs")))
            .Select(static match => match.Groups[1].Value);

    [GeneratedRegex(@"Of<\w+>\(""([a-z0-9-]+)""")]
    private static partial Regex TargetLine();

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex Quoted();
}

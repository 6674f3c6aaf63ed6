using PiTap.Model;

namespace PiTap.Host.Output;

/// <summary>Why packets were rejected, as a sentence.</summary>
internal static class RejectText
{
    private static readonly Dictionary<string, string> s_words = new(StringComparer.Ordinal)
    {
        ["ipv4"] = "IPv4",
        ["ipv6"] = "IPv6",
        ["ip"] = "IP",
        ["tcp"] = "TCP",
        ["udp"] = "UDP",
        ["linux"] = "Linux",
        ["sll"] = "SLL",
        ["sll2"] = "SLL2",
        ["ethernet"] = "Ethernet",
        ["ppp"] = "PPP",
        ["pppoe"] = "PPPoE",
        ["nf"] = "NF",
        ["pkt"] = "PKT",
        ["ppi"] = "PPI",
        ["avs"] = "AVS",
        ["prism"] = "Prism",
        ["wifi"] = "Wi-Fi",
        ["cisco"] = "Cisco",
        ["vlan"] = "VLAN",
        ["mpls"] = "MPLS",
    };

    /// <summary>For example <c>IPv4 header length at offset 14 asks for 60 bytes, 24 are available</c>.</summary>
    public static string Sentence(RejectRecord reject)
    {
        string claim = Words(reject.Claim);
        string place = $"{claim} at offset {Count(reject.Offset)}";
        return (reject.Status, reject.Required) switch
        {
            ("unsupported", _) when reject.Claim == "link-type" && reject.Available > 0 =>
                $"{claim} {LinkTypes.Text((LinkType)reject.Available)} is not read",
            ("unsupported", _) => $"{claim} is not known",
            ("truncated", _) => $"{place} asks for {Count(reject.Required)} {(reject.Required == 1 ? "byte" : "bytes")}, "
                + $"{Count(reject.Available)} {(reject.Available == 1 ? "is" : "are")} available{Bound(reject)}",
            _ when reject.Claim.EndsWith("version", StringComparison.Ordinal) => $"{place} is {reject.Available} and not {reject.Required}",
            (_, 0) => $"{claim} is beyond what is looked at",
            _ => $"{place} says {Count(reject.Available)}, it is {Count(reject.Required)} or more",
        };
    }

    private static string Bound(RejectRecord reject) => reject.Bound == "capture" ? "" : $" up to the {Words(reject.Bound)}";

    private static string Words(string name) => string.Join(' ', name.Split('-').Select(static word => s_words.GetValueOrDefault(word, word)));

    private static string Count(long count) => Numbers.Count(count);
}

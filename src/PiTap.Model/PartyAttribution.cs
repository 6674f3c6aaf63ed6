namespace PiTap.Model;

/// <summary>What a party is to the app, or to the phone, that talks to it.</summary>
public enum PartyRole : byte
{
    /// <summary>Nothing says so: it may be the app's own, or not.</summary>
    Unknown,

    /// <summary>The app's own publisher, by an app profile.</summary>
    FirstParty,

    /// <summary>Somebody else.</summary>
    ThirdParty,

    /// <summary>The phone's own system.</summary>
    Platform,

    /// <summary>What holds the Internet together: name lookups, time, certificates.</summary>
    Infrastructure,

    /// <summary>The local network.</summary>
    Local,
}

/// <summary>
/// Who is behind a name or an address, where, and why that is said. Worked out when a record is read, by the data of that day; no store has
/// it.
/// </summary>
public sealed record PartyAttribution
{
    /// <summary>What hosts of the local network are called as a party.</summary>
    public const string LocalNetwork = "local network";

    /// <summary>How a party begins of which only the network is known.</summary>
    public const string InNetwork = "in the network of ";

    /// <summary>What everybody around and the router are told, to be on the network at all.</summary>
    public const string LocalSignalling = "local signalling";

    /// <summary>
    /// What to call whoever is there: the company; else the domain that somebody registered; else whose network it is in
    /// (<c>in the network of Zenlayer</c>), which is not the company that an app talks to.
    /// </summary>
    public required string Party { get; init; }

    /// <summary>True for what holds the local network together: multicast, neighbour discovery, the router's DNS.</summary>
    public bool IsSignalling => Role == PartyRole.Local && Party == LocalSignalling;

    /// <summary>Why: <c>domain agoralab.co</c>, <c>address in AS131950</c>. Also the reason for company, service and category.</summary>
    public required string PartyReason { get; init; }

    /// <summary>How sure that is.</summary>
    public Confidence PartyConfidence { get; init; }

    /// <summary>The company; null if none is known to answer there.</summary>
    public string? Company { get; init; }

    /// <summary>What runs there, for example <c>Firebase Cloud Messaging</c>; null if no table says.</summary>
    public string? Service { get; init; }

    /// <summary>What it is there for, a word of a closed list; null if no table says.</summary>
    public string? Category { get; init; }

    /// <summary>ISO 3166-1 code of the country that company or network is run from; null if no table says.</summary>
    public string? HomeCountry { get; init; }

    /// <summary>Which table says so; null without a country.</summary>
    public string? HomeCountryReason { get; init; }

    /// <summary>What the party is to the app.</summary>
    public PartyRole Role { get; init; }

    /// <summary>Why, in a few words.</summary>
    public required string RoleReason { get; init; }

    /// <summary>
    /// Whether the app's profile says that the party gets data; null without a profile, or for other parties than third ones.
    /// </summary>
    public bool? IsDeclared { get; init; }

    /// <summary>Where that is written; null where nothing is said.</summary>
    public string? DeclaredReason { get; init; }

    /// <summary>ISO 3166-1 codes of the countries that the servers stand in, in order; empty if not known, and for anycast.</summary>
    public IReadOnlyList<string> HostedIn { get; init; } = [];

    /// <summary>Why, or why there is none; null where nothing is known.</summary>
    public string? HostedInReason { get; init; }

    /// <summary>How sure that is: of several servers as sure as of the least sure one.</summary>
    public Confidence HostedInConfidence { get; init; }

    /// <summary>Who announces the address, of several the one with the most bytes; null if nobody is known to.</summary>
    public RegisteredNetwork? RegisteredTo { get; init; }
}

/// <summary>The autonomous system that announces an address (RFC 4271).</summary>
/// <param name="Asn">Its number.</param>
/// <param name="Organisation">Who registered it; null if not known.</param>
/// <param name="Country">ISO 3166-1 code of the country that it is registered in; null if not known.</param>
/// <param name="Reason">For example <c>address in AS131950</c>.</param>
/// <param name="Confidence">How sure that is.</param>
public sealed record RegisteredNetwork(uint Asn, string? Organisation, string? Country, string Reason, Confidence Confidence);

/// <summary>The words for roles and confidences as programs see them: stable, part of the CLI's contract.</summary>
public static class AttributionNames
{
    private static readonly string[] s_roles = ["unknown", "first-party", "third-party", "platform", "infrastructure", "local"];

    private static readonly string[] s_confidences = ["none", "guess", "likely", "certain"];

    /// <summary>All words for roles.</summary>
    public static IReadOnlyList<string> Roles => s_roles;

    /// <summary>For example <c>third-party</c>.</summary>
    public static string Text(this PartyRole role) => s_roles[(int)role];

    /// <summary>For example <c>certain</c>; null where nothing is stated.</summary>
    public static string? Text(this Confidence confidence) => confidence == Confidence.None ? null : s_confidences[(int)confidence];
}

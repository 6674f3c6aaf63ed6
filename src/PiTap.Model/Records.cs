using System.Globalization;

namespace PiTap.Model;

/// <summary>One DNS question seen, with the answer that the same client got, if any.</summary>
public sealed record NameLookup
{
    /// <summary>The run that it belongs to (<see cref="RunRecord.Run"/>), as a store tells it; 0 before it is stored.</summary>
    public int Run { get; init; }

    /// <summary>Number within the run, from 1, in order of appearance.</summary>
    public required long Sequence { get; init; }

    /// <summary>Time of the query (of the response where only that was seen), nanoseconds since the Unix epoch.</summary>
    public required long TimeNs { get; init; }

    /// <summary>Identifier of the client's device.</summary>
    public required string Device { get; init; }

    /// <summary>dns, mdns or llmnr.</summary>
    public required AppProtocol AppProto { get; init; }

    /// <summary>IP protocol number of the flow: 6 or 17.</summary>
    public required byte Protocol { get; init; }

    /// <summary>Who asked.</summary>
    public required IpAddress Client { get; init; }

    /// <summary>The asking side's port.</summary>
    public required ushort ClientPort { get; init; }

    /// <summary>Who was asked.</summary>
    public required IpAddress Server { get; init; }

    /// <summary>The asked side's port.</summary>
    public required ushort ServerPort { get; init; }

    /// <summary>
    /// The name asked for, in the case it was sent in, without final dot, bytes outside printable ASCII as <c>\DDD</c> (RFC 1035 section
    /// 5.1).
    /// </summary>
    public required string Name { get; init; }

    /// <summary>The type asked for (RFC 1035 section 3.2.2): 1 is A, 28 AAAA, 65 HTTPS.</summary>
    public required ushort Type { get; init; }

    /// <summary>The response's code (RFC 1035 section 4.1.1); null while no response was seen.</summary>
    public int? ResponseCode { get; init; }

    /// <summary>The A, AAAA, CNAME, SVCB and HTTPS records of all sections of the response, in order.</summary>
    public IReadOnlyList<NameAnswer> Answers { get; init; } = [];

    /// <summary>Where the query came from: the path of a file or an interface. Null for what was stored before it was kept.</summary>
    public string? Source { get; init; }

    /// <summary>What tells it from every other record of the store.</summary>
    public string Uid() => string.Create(CultureInfo.InvariantCulture, $"N{Run}.{Sequence}");
}

/// <summary>One record of a DNS answer.</summary>
/// <param name="Name">The record's owner.</param>
/// <param name="Type">1 A, 28 AAAA, 5 CNAME, 64 SVCB or 65 HTTPS.</param>
/// <param name="Value">The address, the canonical name, or how to reach the service as zone files write it (RFC 9460 section 2.1).</param>
/// <param name="TimeToLiveSeconds">For how long it holds.</param>
/// <param name="Section">Where it stood: only the answer section is about the question.</param>
public readonly record struct NameAnswer(
    string Name, ushort Type, string Value, uint TimeToLiveSeconds, DnsSection Section = DnsSection.Answer);

/// <summary>The sections of a DNS message that hold records (RFC 1035 section 4.1).</summary>
public enum DnsSection : byte
{
    /// <summary>Answers to the question.</summary>
    Answer = 0,
    /// <summary>Who is in charge.</summary>
    Authority = 1,
    /// <summary>What may be of use besides.</summary>
    Additional = 2,
}

/// <summary>A device on the tapped side: a MAC on one link, or an address where the capture has no link layer.</summary>
public sealed record DeviceRecord
{
    /// <summary>The MAC (<c>02:00:00:00:00:01</c>), or the IP address where there is no link layer.</summary>
    public required string Id { get; init; }

    /// <summary>True if the MAC is locally administered: it may be another one tomorrow.</summary>
    public bool IsMacRandomised { get; init; }

    /// <summary>The name that the device gave itself by DHCP (options 12 and 81; for IPv6 option 39).</summary>
    public string? DhcpName { get; init; }

    /// <summary>DHCP vendor class (option 60; for IPv6 option 16), such as <c>android-dhcp-14</c>.</summary>
    public string? DhcpVendorClass { get; init; }

    /// <summary>DHCP parameter request list (option 55; for IPv6 option 6), the numbers in order.</summary>
    public IReadOnlyList<int> DhcpParameters { get; init; } = [];

    /// <summary>The name that the device announced by multicast DNS, without <c>.local</c>.</summary>
    public string? MdnsName { get; init; }

    /// <summary>The name that the device registered for itself with the NetBIOS name service (RFC 1002 section 4.2.2).</summary>
    public string? NetBiosName { get; init; }

    /// <summary>The latest addresses that the device used, newest last, at most <see cref="MaxAddresses"/>.</summary>
    public IReadOnlyList<IpAddress> Addresses { get; init; } = [];

    /// <summary>First packet, nanoseconds since the Unix epoch.</summary>
    public required long FirstSeenNs { get; init; }

    /// <summary>Latest packet, nanoseconds since the Unix epoch.</summary>
    public required long LastSeenNs { get; init; }

    /// <summary>
    /// Who made its network adapter, by the MAC, where a reader looked it up; null as stored, for a randomised MAC and where nobody is
    /// listed.
    /// </summary>
    public string? Vendor { get; init; }

    /// <summary>Why: <c>IEEE assignment 00:03:93/24</c>; null without a vendor.</summary>
    public string? VendorReason { get; init; }

    /// <summary>
    /// The identifier of the one row that stands for devices which nobody answered, where there are too many of these for a row each; in
    /// minute totals also for those that moved the fewest bytes.
    /// </summary>
    public const string OtherDevices = "(other devices)";

    /// <summary>How many addresses a device keeps.</summary>
    public const int MaxAddresses = 16;

    /// <summary>
    /// What a person would call it: DHCP name, multicast name, NetBIOS name, or the identifier. A device chooses its names itself: none may
    /// call itself what stands for many.
    /// </summary>
    public string DisplayName => OwnName(DhcpName) ?? OwnName(MdnsName) ?? OwnName(NetBiosName) ?? Id;

    /// <summary>
    /// What a device calls itself; null if that reads like what stands for many. There are many spaces and brackets that look alike, so
    /// letters and digits alone are compared.
    /// </summary>
    public static string? OwnName(string? name) =>
        name is not null && Letters(name).SequenceEqual(Letters(OtherDevices)) ? null : name;

    private static IEnumerable<char> Letters(string text) => text.Where(char.IsLetterOrDigit).Select(char.ToLowerInvariant);
}

/// <summary>
/// Device x host, rolled up. In a batch it holds what came on top since the batch before, and may be negative where a flow got a better
/// name.
/// </summary>
public sealed record ContactRecord
{
    /// <summary>The device.</summary>
    public required string Device { get; init; }

    /// <summary>The host name, or the server's address where no name is known.</summary>
    public required string Host { get; init; }

    /// <summary>How the name is known; none for an address.</summary>
    public required HostSource HostSource { get; init; }

    /// <summary>Flows.</summary>
    public long Flows { get; init; }

    /// <summary>Flows whose verdict is encrypted.</summary>
    public long FlowsEncrypted { get; init; }

    /// <summary>Flows whose verdict is readable.</summary>
    public long FlowsReadable { get; init; }

    /// <summary>Flows whose verdict is opaque.</summary>
    public long FlowsOpaque { get; init; }

    /// <summary>Protocols spoken, a bit for each: 1 &lt;&lt; <see cref="AppProtocol"/>.</summary>
    public ulong AppProtos { get; init; }

    /// <summary>Packets from the device.</summary>
    public long PacketsUp { get; init; }

    /// <summary>Packets to the device.</summary>
    public long PacketsDown { get; init; }

    /// <summary>Bytes from the device.</summary>
    public long BytesUp { get; init; }

    /// <summary>Bytes to the device.</summary>
    public long BytesDown { get; init; }

    /// <summary>First packet, nanoseconds since the Unix epoch.</summary>
    public long FirstSeenNs { get; init; }

    /// <summary>Latest packet, nanoseconds since the Unix epoch.</summary>
    public long LastSeenNs { get; init; }

    /// <summary>
    /// The server's addresses in order of first mention, at most <see cref="ContactAddresses.MaxKept"/>, in a batch at most
    /// <see cref="ContactAddresses.MaxInBatch"/>; see <see cref="ContactAddresses.TopAddresses"/>. Empty for contacts that
    /// were stored before addresses were kept.
    /// </summary>
    public IReadOnlyList<ContactAddress> Addresses { get; init; } = [];

    /// <summary>
    /// What the host is an alias of, in order, at most <see cref="ContactAliases.MaxKept"/>. Empty for contacts that were stored before
    /// aliases were kept.
    /// </summary>
    public IReadOnlyList<string> Aliases { get; init; } = [];

    /// <summary>Who that is, where a reader worked it out; null as stored.</summary>
    public PartyAttribution? Attribution { get; init; }

    /// <summary>What went there and back.</summary>
    public TrafficCounts Counts() =>
        new(Flows, FlowsEncrypted, FlowsReadable, FlowsOpaque, PacketsUp, PacketsDown, BytesUp, BytesDown);

    /// <summary>The same with other counts.</summary>
    public ContactRecord With(in TrafficCounts counts) => this with
    {
        Flows = counts.Flows,
        FlowsEncrypted = counts.FlowsEncrypted,
        FlowsReadable = counts.FlowsReadable,
        FlowsOpaque = counts.FlowsOpaque,
        PacketsUp = counts.PacketsUp,
        PacketsDown = counts.PacketsDown,
        BytesUp = counts.BytesUp,
        BytesDown = counts.BytesDown,
    };

    /// <summary>This sum with what came on top.</summary>
    public ContactRecord Plus(ContactRecord delta)
    {
        ArgumentNullException.ThrowIfNull(delta);
        return Add(delta, ContactAddresses.Add(Addresses, delta.Addresses));
    }

    /// <summary>This, which came on top, with what came on top after it: together they come to the same.</summary>
    public ContactRecord Join(ContactRecord later)
    {
        ArgumentNullException.ThrowIfNull(later);
        return Add(later, ContactAddresses.Join(Addresses, later.Addresses));
    }

    private ContactRecord Add(ContactRecord delta, IReadOnlyList<ContactAddress> addresses) => this with
    {
        HostSource = NameTrust.Order.MoreTrusted(HostSource, delta.HostSource),
        Flows = Flows + delta.Flows,
        FlowsEncrypted = FlowsEncrypted + delta.FlowsEncrypted,
        FlowsReadable = FlowsReadable + delta.FlowsReadable,
        FlowsOpaque = FlowsOpaque + delta.FlowsOpaque,
        AppProtos = AppProtos | delta.AppProtos,
        PacketsUp = PacketsUp + delta.PacketsUp,
        PacketsDown = PacketsDown + delta.PacketsDown,
        BytesUp = BytesUp + delta.BytesUp,
        BytesDown = BytesDown + delta.BytesDown,
        FirstSeenNs = Earlier(FirstSeenNs, delta.FirstSeenNs),
        LastSeenNs = Math.Max(LastSeenNs, delta.LastSeenNs),
        Addresses = addresses,
        Aliases = ContactAliases.Join(Aliases, delta.Aliases),
    };

    /// <summary>What has no flow yet carries no time.</summary>
    private static long Earlier(long a, long b) => a == 0 ? b : b == 0 ? a : Math.Min(a, b);
}

/// <summary>What one device moved in one minute. In a batch it holds what came on top since the batch before.</summary>
/// <param name="MinuteNs">Start of the minute, nanoseconds since the Unix epoch.</param>
/// <param name="Device">The device; the empty string for packets that belong to none.</param>
/// <param name="PacketsUp">Packets from the device.</param>
/// <param name="PacketsDown">Packets to the device.</param>
/// <param name="BytesUp">Bytes from the device.</param>
/// <param name="BytesDown">Bytes to the device.</param>
public readonly record struct MinuteRecord(long MinuteNs, string Device, long PacketsUp, long PacketsDown, long BytesUp, long BytesDown)
{
    /// <summary>This sum with what came on top.</summary>
    public MinuteRecord Plus(in MinuteRecord delta) => this with
    {
        PacketsUp = PacketsUp + delta.PacketsUp,
        PacketsDown = PacketsDown + delta.PacketsDown,
        BytesUp = BytesUp + delta.BytesUp,
        BytesDown = BytesDown + delta.BytesDown,
    };
}

/// <summary>
/// What one source of packets delivered and lost, cumulative for the run. <see cref="Received"/> =
/// <see cref="Kept"/> + <see cref="Reduced"/> + <see cref="Filtered"/> + <see cref="DroppedByKernel"/> + <see cref="DroppedByRing"/> +
/// what waits in the ring.
/// </summary>
public sealed record SourceCounters
{
    /// <summary>Interface name, or path of the file.</summary>
    public required string Source { get; init; }

    /// <summary>Packets that passed the kernel's filter, dropped ones included; of Wi-Fi frames that carry several packets, each.</summary>
    public long Received { get; init; }

    /// <summary>Packets that the kernel had no room for.</summary>
    public long DroppedByKernel { get; init; }

    /// <summary>Packets that the network device itself dropped.</summary>
    public long DroppedByInterface { get; init; }

    /// <summary>Packets that the ring between capture and analysis had no room for.</summary>
    public long DroppedByRing { get; init; }

    /// <summary>Packets of flows that are kept in full, and packets that belong to no flow.</summary>
    public long Kept { get; init; }

    /// <summary>Packets of flows that <c>--ignore</c> reduced to totals.</summary>
    public long Reduced { get; init; }

    /// <summary>Packets left out by <c>--clients</c>.</summary>
    public long Filtered { get; init; }

    /// <summary>Bytes of the packets kept, as on the wire.</summary>
    public long BytesKept { get; init; }

    /// <summary>Bytes of the packets reduced.</summary>
    public long BytesReduced { get; init; }

    /// <summary>Bytes of the packets filtered.</summary>
    public long BytesFiltered { get; init; }

    /// <summary>How many times the interface went away and came back, or was set down.</summary>
    public long Interruptions { get; init; }

    /// <summary>Bytes of the file, as it is on disk; 0 for an interface or a pipe.</summary>
    public long FileBytes { get; init; }

    /// <summary>SHA-256 of these bytes, 64 hexadecimal digits; null unless all of it was read that can be.</summary>
    public string? FileSha256 { get; init; }
}

/// <summary>A named count of something lost, evicted or rejected, cumulative for the run.</summary>
/// <param name="Name">Stable name, for example <c>flows-evicted</c> or <c>reject-tls-malformed</c>.</param>
/// <param name="Count">How many.</param>
public sealed record LossCounter(string Name, long Count);

/// <summary>One run of PiTap over this store: a live capture or a replay.</summary>
public sealed record RunRecord
{
    /// <summary>Number of the run in this store, from 1.</summary>
    public required int Run { get; init; }

    /// <summary>live or replay.</summary>
    public required string Mode { get; init; }

    /// <summary>When it began by the wall clock, nanoseconds since the Unix epoch.</summary>
    public required long StartedNs { get; init; }

    /// <summary>Latest flush by the wall clock, nanoseconds since the Unix epoch.</summary>
    public long UpdatedNs { get; init; }

    /// <summary>True once the run ended normally.</summary>
    public bool IsComplete { get; init; }

    /// <summary>The version of PiTap that made it.</summary>
    public string Version { get; init; } = "";

    /// <summary>Counters per source.</summary>
    public IReadOnlyList<SourceCounters> Sources { get; init; } = [];

    /// <summary>What was lost, evicted or rejected.</summary>
    public IReadOnlyList<LossCounter> Losses { get; init; } = [];

    /// <summary>Why packets were rejected: the first one of each kind.</summary>
    public IReadOnlyList<RejectRecord> Rejects { get; init; } = [];
}

/// <summary>What was removed when a device was forgotten, with the rows of other devices that named it.</summary>
/// <param name="Flows">Flow records.</param>
/// <param name="Lookups">Name lookups.</param>
/// <param name="Contacts">Contacts.</param>
/// <param name="Minutes">Minute totals.</param>
/// <param name="Devices">Device records: 1, or 0 for a device that had none.</param>
public sealed record ForgottenRecords(long Flows, long Lookups, long Contacts, long Minutes, long Devices);

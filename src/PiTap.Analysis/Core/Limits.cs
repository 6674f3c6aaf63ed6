namespace PiTap.Analysis.Core;

/// <summary>Caps of the analysis, each with its unit. What goes past one is counted under the name in <see cref="Losses"/>.</summary>
internal static class Limits
{
    /// <summary>Devices known at one time.</summary>
    public const int Devices = 4_096;

    /// <summary>
    /// Devices in the table that nobody answered yet, and that are known by themselves all the same: more at one time are forged, or one
    /// half of what was said. Each is a row of the store.
    /// </summary>
    public const int UnansweredDevices = Devices / 4;

    /// <summary>
    /// Devices in the table that were answered a few times at most, and that are known by themselves all the same: whoever forges senders
    /// may forge an answer to each as well.
    /// </summary>
    public const int BriefDevices = Devices / 2;

    /// <summary>
    /// Flows that are open without an answer, however many may be open: 700 bytes each, and all that most floods make. A half-open
    /// connection keeps its place for 5 s against 10,000 a second.
    /// </summary>
    public const int UnansweredFlows = 50_000;

    /// <summary>Local addresses whose device is known by its MAC.</summary>
    public const int LocalAddresses = 4 * Devices;

    /// <summary>MACs known as ways out of the local network.</summary>
    public const int Gateways = 64;

    /// <summary>Prefixes of IPv6 known to be on the link.</summary>
    public const int Prefixes = 16;

    /// <summary>Objects of ended flows that are kept for the next ones: 400 bytes each.</summary>
    public const int PooledFlows = 8_192;

    /// <summary>Payload packets of one TCP flow that are looked into before it is settled.</summary>
    public const int SettleTcpPackets = 12;

    /// <summary>The same while a TLS client sends early data and no answer told yet whether a second hello follows.</summary>
    public const int EarlyDataPackets = 64;

    /// <summary>Payload bytes of one direction of a TCP flow that are looked into before it is settled.</summary>
    public const int SettleTcpBytes = 16 << 10;

    /// <summary>Datagrams of one UDP flow that are looked into without anything new before it is settled.</summary>
    public const int SettleUdpPackets = 12;

    /// <summary>Packets of a direction, or of a UDP flow, that are looked at for plain text: what is readable shows itself early.</summary>
    public const int TextProbes = 6;

    /// <summary>How many times a direction of a TCP flow is looked at anew, behind a proxy's line or an upgrade.</summary>
    public const int StreamTurns = 8;

    /// <summary>Bytes of one hello, across segments and records.</summary>
    public const int HelloBytes = 128 << 10;

    /// <summary>Bytes held by all stream prefixes and out-of-order segments together.</summary>
    public const int StreamBytes = 16 << 20;

    /// <summary>Out-of-order bytes held for one direction of a flow.</summary>
    public const int OutOfOrderBytes = 256 << 10;

    /// <summary>Out-of-order segments held for one direction of a flow.</summary>
    public const int OutOfOrderSegments = 128;

    /// <summary>Bytes of one flow that a searcher is shown, both directions together.</summary>
    public const int SearchBytesPerFlow = 4 << 20;

    /// <summary>Bytes held for searching alone, over all flows: out-of-order segments, and what is kept of each flow.</summary>
    public const int SearchHeldBytes = 16 << 20;

    /// <summary>Hellos kept of one flow.</summary>
    public const int Hellos = 32;

    /// <summary>HTTP requests kept of one flow.</summary>
    public const int HttpRequests = 1_000;

    /// <summary>Characters kept of an HTTP target or header value.</summary>
    public const int HttpTextCharacters = 2_048;

    /// <summary>DNS questions that wait for their answer.</summary>
    public const int PendingLookups = 8_192;

    /// <summary>Addresses whose name is known from DNS, over all devices: about 200 bytes each.</summary>
    public const int NamedAddresses = 32_768;

    /// <summary>Public names of Encrypted Client Hello.</summary>
    public const int EchNames = 1_024;

    /// <summary>Strings kept, so that equal ones share one object.</summary>
    public const int Strings = 65_536;

    /// <summary>Characters of them.</summary>
    public const int StringCharacters = 8 << 20;

    /// <summary>Characters, two bytes each, of what all open flows together know of hellos and requests.</summary>
    public const int FactCharacters = 8 << 20;

    /// <summary>
    /// Bytes of what is known of TCP connections whose flow ended in silence or gave way, and the same again of QUIC connections that may
    /// go on under another port.
    /// </summary>
    public const int KnownConnectionBytes = 8 << 20;

    /// <summary>Questions looked at in one message of multicast DNS (RFC 6762 section 5.3); DNS has one (RFC 9619).</summary>
    public const int MulticastQuestions = 16;

    /// <summary>Records looked at in one DNS message: load balancers give up to a dozen addresses.</summary>
    public const int DnsRecords = 64;

    /// <summary>Aliases followed from a name to its address: resolvers give up at 11 to 16.</summary>
    public const int Aliases = 16;

    /// <summary>Tunnels inside one another.</summary>
    public const int TunnelDepth = 3;

    /// <summary>TURN relays inside one another.</summary>
    public const int RelayDepth = 2;
}

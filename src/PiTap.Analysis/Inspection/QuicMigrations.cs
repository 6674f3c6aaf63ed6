using PiTap.Analysis.Core;
using PiTap.Analysis.Flows;
using PiTap.Model;
using PiTap.Wire.Application.Quic;

namespace PiTap.Analysis.Inspection;

/// <summary>
/// Recognises QUIC connections that go on under other addresses or ports, as after a change of network or of a gateway's mapping (RFC 9000
/// section 9): what the client sends still begins with the ID that the server gave itself, unless it took a new one, which nobody sees.
/// </summary>
internal sealed class QuicMigrations(EngineClock clock, Losses losses)
{
    /// <summary>Shorter IDs are met by chance.</summary>
    private const int MinIdBytes = 4;

    private const byte LongForm = 0x80;

    /// <summary>A packet with a short header behind its ID: number, a byte of payload, tag (RFC 9001 section 5.4.2).</summary>
    private const int MinBytesBehindId = 1 + 4 + 16;

    private readonly record struct Id(IpAddress Server, ushort Port, ulong Hash);

    private readonly SeededHash _hash = SeededHash.Create();
    private readonly KnownConnections<Id> _known = new(clock, losses, EqualityComparer<Id>.Default);

    // A bit for each length of which there was an ID: servers have one or two.
    private uint _lengths;

    /// <summary>Notes the ID of a server whose hello was read.</summary>
    public void Note(Flow flow, ReadOnlySpan<byte> id)
    {
        if (id.Length < MinIdBytes || flow.Tunnel is not null)
            return;
        _lengths |= 1u << id.Length;
        Keep(new Id(flow.Server, flow.ServerPort, _hash.Of(id)), flow);
    }

    /// <summary>True if a datagram of a flow of which nothing is known goes on with a connection: then the flow has its facts.</summary>
    public bool TryFollow(in PacketContext packet, ReadOnlySpan<byte> payload)
    {
        Flow flow = packet.Flow;
        if (_lengths == 0 || payload.Length < MinIdBytes + MinBytesBehindId || payload[0] >= LongForm || flow.Tunnel is not null)
            return false;
        (IpAddress server, ushort port) = packet.FromLow ? (flow.Key.High, flow.Key.HighPort) : (flow.Key.Low, flow.Key.LowPort);
        int longest = Math.Min(QuicLongHeaderView.MaxConnectionIdLength, payload.Length - MinBytesBehindId);
        for (int length = MinIdBytes; length <= longest; length++)
        {
            if ((_lengths >> length & 1) == 0)
                continue;
            var id = new Id(server, port, _hash.Of(payload.Slice(1, length)));
            if (!_known.TryGet(id, out KnownConnection known))
                continue;
            flow.SetClient(packet.FromLow);
            FlowFacts facts = known.Facts.Copy();
            facts.Characters = flow.Facts.Characters;
            flow.Facts = facts;
            Keep(id, flow);
            return true;
        }
        return false;
    }

    /// <summary>Forgets what fulfils a condition, by whose it is, the server's address and what is known.</summary>
    public void Forget(Func<Devices.Device, IpAddress, FlowFacts, bool> condition) =>
        _known.Forget((device, id, facts) => condition(device, id.Server, facts));

    private void Keep(in Id id, Flow flow) => _known.Keep(id, flow.Device, KnownConnection.Of(flow), clock.NowNs);
}

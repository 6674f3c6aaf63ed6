using System.Buffers;
using PiTap.Model;

namespace PiTap.Wire.Frames;

/// <summary>Which datagram a fragment belongs to (RFC 791 section 3.2, RFC 8200 section 4.5).</summary>
/// <param name="Source">The sender.</param>
/// <param name="Destination">The receiver.</param>
/// <param name="Identification">Common to all fragments.</param>
/// <param name="Protocol">Protocol number in IPv4, 0 in IPv6.</param>
public readonly record struct FragmentKey(IpAddress Source, IpAddress Destination, uint Identification, byte Protocol);

/// <summary>What a fragment did.</summary>
public enum FragmentOutcome : byte
{
    /// <summary>It was kept; the datagram is not whole.</summary>
    Waiting = 0,
    /// <summary>The datagram is whole.</summary>
    Complete = 1,
    /// <summary>It contradicts the others or breaks a cap; its datagram is given up.</summary>
    Rejected = 2,
}

/// <summary>A datagram in the making.</summary>
public sealed class PartialDatagram
{
    internal byte[] Buffer = [];
    internal readonly List<(int Start, int End)> Parts = [];
    internal int TotalLength = -1;
    internal bool IsGivenUp;

    internal PartialDatagram(FragmentKey key, long startedNs)
    {
        Key = key;
        StartedNs = startedNs;
    }

    /// <summary>Which datagram this is.</summary>
    public FragmentKey Key { get; }

    /// <summary>When its first fragment came, in the caller's time.</summary>
    public long StartedNs { get; }

    /// <summary>True once the ports are known, or where the protocol has none.</summary>
    public bool HasPorts { get; internal set; }

    /// <summary>The sender's port; 0 if there is none.</summary>
    public ushort SourcePort { get; internal set; }

    /// <summary>The receiver's port; 0 if there is none.</summary>
    public ushort DestinationPort { get; internal set; }

    /// <summary>Who sent and who received the first fragment on the link; none before it came.</summary>
    public MacAddress SourceMac { get; internal set; }

    /// <summary>See <see cref="SourceMac"/>.</summary>
    public MacAddress DestinationMac { get; internal set; }

    /// <summary>The protocol of the payload, as the first fragment told it.</summary>
    public byte Protocol { get; internal set; }

    /// <summary>
    /// The bytes of the payload from its first on, as far as they came without a gap; empty if the first fragment did not come, or if the
    /// datagram was put together or contradicts itself.
    /// </summary>
    public ReadOnlySpan<byte> Beginning
    {
        get
        {
            foreach ((int start, int end) in Parts)
            {
                if (start == 0 && Buffer.Length >= end)
                    return Buffer.AsSpan(0, end);
            }
            return default;
        }
    }

    /// <summary>Free for the caller: true if it has read the <see cref="Beginning"/>.</summary>
    public bool IsRead { get; set; }

    /// <summary>Free for the caller: what it holds back until the ports are known.</summary>
    public object? Held { get; set; }
}

/// <summary>
/// Puts IP datagrams together from their fragments, within caps. Overlapping fragments give the datagram up (RFC 5722 section 3 for IPv6;
/// for IPv4 the same, since a receiver's choice cannot be known from outside); an exact repetition is taken as the duplicate that it is.
/// Oldest datagrams are given up first.
/// </summary>
public sealed class FragmentReassembler
{
    /// <summary>Datagrams in the making at one time.</summary>
    public const int MaxDatagrams = 256;

    /// <summary>Bytes of one datagram: what IP can carry.</summary>
    public const int MaxDatagramBytes = 65_535;

    /// <summary>Fragments of one datagram: a full one in the smallest useful fragments (RFC 791: every module forwards 68 bytes).</summary>
    public const int MaxParts = 1_400;

    /// <summary>Bytes held by all datagrams in the making.</summary>
    public const int MaxBufferedBytes = 4 << 20;

    /// <summary>How long a datagram may take (RFC 8200 section 4.5: 60 seconds).</summary>
    public const long TimeoutNs = 60 * PacketTime.NanosecondsPerSecond;

    private readonly Dictionary<FragmentKey, PartialDatagram> _datagrams = [];
    private readonly Queue<PartialDatagram> _byAge = new();
    private byte[] _complete = [];
    private PartialDatagram? _taken;
    private int _bufferedBytes;

    /// <summary>True if a datagram waits for its other fragments.</summary>
    public bool HasIncomplete => _bufferedBytes > 0;

    /// <summary>
    /// The oldest datagram to a receiver of which the first fragment came, and not all others, and that the caller has not read; null if
    /// there is none.
    /// </summary>
    public PartialDatagram? FindUnread(IpAddress receiver, MacAddress receiverMac)
    {
        foreach (PartialDatagram datagram in _byAge)
        {
            bool isTo = datagram.Key.Destination == receiver || (!receiverMac.IsNone && datagram.DestinationMac == receiverMac);
            if (isTo && datagram.HasPorts && !datagram.IsRead && !datagram.Beginning.IsEmpty)
                return datagram;
        }
        return null;
    }

    /// <summary>Datagrams given up: too old, too many, contradictory or over a cap.</summary>
    public long GivenUp { get; private set; }

    /// <summary>
    /// Takes a fragment. On <see cref="FragmentOutcome.Complete"/> the datagram's payload is in <paramref name="payload"/>, until the next
    /// call.
    /// <paramref name="datagram"/> is the datagram that the fragment belongs to.
    /// </summary>
    public FragmentOutcome Add(scoped in Frame frame, long nowNs, out PartialDatagram datagram, out ReadOnlySpan<byte> payload)
    {
        payload = default;
        ReleaseTaken();
        // In IPv6 later fragments cannot know the payload's protocol: it is no part of the key (RFC 8200 section 4.5).
        byte protocol = frame.Source.IsV4 ? frame.Protocol : (byte)0;
        var key = new FragmentKey(frame.Source, frame.Destination, frame.FragmentIdentification, protocol);
        if (!_datagrams.TryGetValue(key, out PartialDatagram? found))
        {
            found = new PartialDatagram(key, nowNs);
            _datagrams.Add(key, found);
            _byAge.Enqueue(found);
        }
        datagram = found;
        NotePorts(datagram, frame);
        if (datagram.IsGivenUp)
            return FragmentOutcome.Rejected;
        if (!Store(datagram, frame))
        {
            GiveUp(datagram);
            return FragmentOutcome.Rejected;
        }
        if (datagram.TotalLength < 0 || datagram.Parts.Count != 1 || datagram.Parts[0] != (0, datagram.TotalLength))
            return FragmentOutcome.Waiting;
        Finish(datagram);
        payload = _complete.AsSpan(0, datagram.TotalLength);
        return FragmentOutcome.Complete;
    }

    /// <summary>
    /// Takes out one datagram that is too old or one too many; false if there is none. The caller settles what it noted on it
    /// and calls again; its beginning holds until then.
    /// A datagram that was completed or rejected comes out here too, at its time: its later duplicates still find their
    /// flow.
    /// </summary>
    public bool TryExpire(long nowNs, out PartialDatagram? expired)
    {
        expired = null;
        ReleaseTaken();
        if (!_byAge.TryPeek(out PartialDatagram? oldest))
            return false;
        bool isDue = nowNs - oldest.StartedNs > TimeoutNs || _byAge.Count > MaxDatagrams || _bufferedBytes > MaxBufferedBytes;
        return isDue && TryTakeOldest(out expired);
    }

    /// <summary>
    /// Takes out the oldest datagram whatever its age, at the end of a capture; false if there is none. Its beginning holds until the next
    /// call.
    /// </summary>
    public bool TryTakeOldest(out PartialDatagram? oldest)
    {
        ReleaseTaken();
        if (!_byAge.TryDequeue(out oldest))
            return false;
        _datagrams.Remove(oldest.Key);
        if (oldest.Buffer.Length == 0)
            return true;
        GivenUp++;
        oldest.IsGivenUp = true;
        _taken = oldest;
        return true;
    }

    private void ReleaseTaken()
    {
        if (_taken is not null)
            Release(_taken);
        _taken = null;
    }

    private static void NotePorts(PartialDatagram datagram, in Frame frame)
    {
        if (frame.FragmentOffset == 0 && datagram.SourceMac.IsNone)
            (datagram.SourceMac, datagram.DestinationMac, datagram.Protocol) = (frame.SourceMac, frame.DestinationMac, frame.Protocol);
        if (datagram.HasPorts || !(frame.HasTransport || frame.Protocol is not (IpProtocols.Tcp or IpProtocols.Udp)))
            return;
        datagram.HasPorts = true;
        datagram.SourcePort = frame.SourcePort;
        datagram.DestinationPort = frame.DestinationPort;
    }

    private bool Store(PartialDatagram datagram, in Frame frame)
    {
        int start = frame.FragmentOffset;
        int end = start + frame.IpPayload.Length;
        // RFC 791 section 3.2: all but the last carry a multiple of eight bytes. A fragment cut by the snap length cannot be put together.
        if (end > MaxDatagramBytes || (frame.HasMoreFragments && frame.IpPayload.Length % 8 != 0) || datagram.Parts.Count >= MaxParts)
            return false;
        if (!frame.HasMoreFragments)
        {
            if (datagram.TotalLength >= 0 && datagram.TotalLength != end)
                return false;
            datagram.TotalLength = end;
        }
        if (datagram.TotalLength >= 0 && end > datagram.TotalLength)
            return false;
        if (start == end)
            return true;
        foreach ((int partStart, int partEnd) in datagram.Parts)
        {
            if (start >= partEnd || end <= partStart)
                continue;
            return start >= partStart && end <= partEnd && datagram.Buffer.AsSpan(start, end - start).SequenceEqual(frame.IpPayload);
        }
        Reserve(datagram, end);
        frame.IpPayload.CopyTo(datagram.Buffer.AsSpan(start));
        Join(datagram.Parts, start, end);
        return true;
    }

    private void Reserve(PartialDatagram datagram, int length)
    {
        if (datagram.Buffer.Length >= length)
            return;
        byte[] larger = ArrayPool<byte>.Shared.Rent(Math.Max(length, Math.Max(2_048, 2 * datagram.Buffer.Length)));
        datagram.Buffer.CopyTo(larger, 0);
        Release(datagram);
        datagram.Buffer = larger;
        _bufferedBytes += larger.Length;
    }

    private static void Join(List<(int Start, int End)> parts, int start, int end)
    {
        for (int i = parts.Count - 1; i >= 0; i--)
        {
            if (parts[i].End == start)
                start = parts[i].Start;
            else if (parts[i].Start == end)
                end = parts[i].End;
            else
                continue;
            parts.RemoveAt(i);
        }
        parts.Add((start, end));
    }

    private void Finish(PartialDatagram datagram)
    {
        if (_complete.Length < MaxDatagramBytes)
            _complete = new byte[MaxDatagramBytes];
        datagram.Buffer.AsSpan(0, datagram.TotalLength).CopyTo(_complete);
        Release(datagram);
        datagram.IsGivenUp = true;
    }

    private void GiveUp(PartialDatagram datagram)
    {
        GivenUp++;
        datagram.IsGivenUp = true;
        Release(datagram);
    }

    private void Release(PartialDatagram datagram)
    {
        if (datagram.Buffer.Length == 0)
            return;
        _bufferedBytes -= datagram.Buffer.Length;
        ArrayPool<byte>.Shared.Return(datagram.Buffer);
        datagram.Buffer = [];
    }
}

using PiTap.Model;

namespace PiTap.Wire.Link;

/// <summary>What a Wi-Fi frame turned out to be.</summary>
public enum WifiOutcome : byte
{
    /// <summary>No data, or damage: it is read like a frame of any other link.</summary>
    NoData = 0,
    /// <summary>It carries packets, or completes one.</summary>
    Packets = 1,
    /// <summary>Only those who have the key can read it.</summary>
    Encrypted = 2,
    /// <summary>It was sent before, and read then.</summary>
    Repeated = 3,
    /// <summary>It carries a part of a packet.</summary>
    Fragment = 4,
    /// <summary>It came damaged: its checksum is wrong.</summary>
    Damaged = 5,
}

/// <summary>
/// Receives Wi-Fi frames as a station would: puts packets together from their parts (IEEE 802.11-2020 section 10.5) and tells what is sent
/// again from what is new (section 10.3.2.14). Nothing is sent; what another station lost and this one heard is there twice otherwise.
/// </summary>
public sealed class WifiReceiver
{
    /// <summary>
    /// Streams, of a pair of stations and a class of traffic each, whose latest numbers are known. A new one takes an old one's place: then
    /// a packet that is sent again may count twice.
    /// </summary>
    public const int MaxStreams = 1_024;

    /// <summary>Packets in the making at one time.</summary>
    public const int MaxPartials = 16;

    /// <summary>Bytes of one packet: what a frame body can be (IEEE 802.11-2020 table 9-34), rounded up.</summary>
    public const int MaxPacketBytes = 4_096;

    /// <summary>For how long something may be sent again, or go on: dot11MaxReceiveLifetime is 512 units of 1,024 microseconds.</summary>
    public const long LifetimeNs = PacketTime.NanosecondsPerSecond;

    private readonly Stream[] _streams = new Stream[MaxStreams];
    private readonly Partial[] _partials = new Partial[MaxPartials];

    /// <summary>Packets given up: a part is missing, or there were too many at once.</summary>
    public long GivenUp { get; private set; }

    /// <summary>
    /// Takes a frame of a Wi-Fi link type.
    /// </summary>
    /// <param name="link">Its link type; <see cref="WifiOutcome.NoData"/> for others.</param>
    /// <param name="data">The bytes captured.</param>
    /// <param name="originalLength">Its length before any snap length.</param>
    /// <param name="nowNs">The caller's time.</param>
    /// <param name="packets">What it carries, until the next call; of other outcomes the addresses hold, if it was not damaged.</param>
    public WifiOutcome Receive(LinkType link, ReadOnlySpan<byte> data, int originalLength, long nowNs, out WifiPackets packets)
    {
        packets = default;
        LinkView view = default;
        LinkLayer.RadioFrame radio = default;
        if (!IsWifi(link, data) || LinkLayer.TakeRadio(link, data, ref view, ref radio) != ParseStatus.Ok)
            return WifiOutcome.NoData;
        if (radio.IsDamaged)
            return WifiOutcome.Damaged;
        // Of a frame that was cut, the checksum is what was cut first.
        const int ChecksumLength = 4;
        int checksum = radio.HasChecksum ? Math.Max(ChecksumLength - Math.Max(originalLength - data.Length, 0), 0) : 0;
        ReadOnlySpan<byte> bytes = radio.Bytes[..Math.Max(radio.Bytes.Length - checksum, 0)];
        if (WifiFrame.Parse(bytes, radio.IsPadded, out WifiFrame frame) != ParseStatus.Ok || !frame.HasData)
            return WifiOutcome.NoData;
        packets = new WifiPackets(frame.Source, frame.Destination, frame.IsAggregate, frame.Body);
        if (frame.IsEncrypted)
            return WifiOutcome.Encrypted;
        if (frame.IsFragment)
            return AddPart(frame, nowNs, ref packets);
        return IsRepeated(frame, nowNs) ? WifiOutcome.Repeated : WifiOutcome.Packets;
    }

    /// <summary>True for a link type of Wi-Fi; per-packet information names its own.</summary>
    private static bool IsWifi(LinkType link, ReadOnlySpan<byte> data) => link switch
    {
        LinkType.Ieee80211 or LinkType.Ieee80211Radiotap or LinkType.Ieee80211Prism or LinkType.Ieee80211Avs => true,
        LinkType.Ppi => data.Length >= 8 && data[4] == (byte)LinkType.Ieee80211 && (data[5] | data[6] | data[7]) == 0,
        _ => false,
    };

    /// <summary>
    /// Numbers go up by one with each packet and begin anew after 4,096; of the latest ones those that were heard are known. Frames sent
    /// together may be sent again in another order.
    /// </summary>
    private bool IsRepeated(in WifiFrame frame, long nowNs)
    {
        const int Numbers = 4_096, Known = 64;
        ulong key = KeyOf(frame);
        ref Stream stream = ref _streams[(key ^ key >> 20 ^ key >> 40) % MaxStreams];
        if (stream.Key != key || nowNs - stream.LatestNs > LifetimeNs)
        {
            stream = new Stream { Key = key, LatestNs = nowNs, Latest = frame.SequenceNumber, Heard = 1 };
            return false;
        }
        int behind = stream.Latest - frame.SequenceNumber & Numbers - 1;
        if (behind < Known)
        {
            bool wasHeard = (stream.Heard >> behind & 1) != 0;
            stream.Heard |= 1UL << behind;
            return wasHeard && frame.IsRetry;
        }
        int ahead = Numbers - behind;
        if (ahead > Numbers / 2)
            return false;
        stream.Heard = ahead >= Known ? 1 : stream.Heard << ahead | 1;
        stream.Latest = frame.SequenceNumber;
        stream.LatestNs = nowNs;
        return false;
    }

    /// <summary>Parts come one after the other; one that is sent again is the same as before.</summary>
    private WifiOutcome AddPart(in WifiFrame frame, long nowNs, ref WifiPackets packets)
    {
        ulong key = KeyOf(frame);
        int oldest = 0;
        int place = -1;
        for (int i = 0; i < MaxPartials; i++)
        {
            if (_partials[i].IsOpen && _partials[i].Key == key && _partials[i].SequenceNumber == frame.SequenceNumber)
                place = i;
            if (!_partials[i].IsOpen || (_partials[oldest].IsOpen && _partials[i].StartedNs < _partials[oldest].StartedNs))
                oldest = i;
        }
        if (place >= 0 && nowNs - _partials[place].StartedNs > LifetimeNs)
        {
            Close(ref _partials[place]);
            place = -1;
        }
        if (place < 0)
        {
            if (frame.FragmentNumber != 0)
                return WifiOutcome.Fragment;
            Close(ref _partials[oldest]);
            place = oldest;
            byte[]? bytes = _partials[place].Bytes;
            _partials[place] = new Partial
            {
                Key = key,
                SequenceNumber = frame.SequenceNumber,
                StartedNs = nowNs,
                IsOpen = true,
                Bytes = bytes,
            };
        }
        return Join(ref _partials[place], frame, ref packets);
    }

    private WifiOutcome Join(ref Partial partial, in WifiFrame frame, ref WifiPackets packets)
    {
        if (frame.FragmentNumber < partial.Parts)
            return WifiOutcome.Repeated;
        if (frame.FragmentNumber > partial.Parts || partial.Length + frame.Body.Length > MaxPacketBytes)
        {
            Close(ref partial);
            return WifiOutcome.Fragment;
        }
        partial.Bytes ??= new byte[MaxPacketBytes];
        frame.Body.CopyTo(partial.Bytes.AsSpan(partial.Length));
        partial.Length += frame.Body.Length;
        partial.Parts++;
        if (frame.HasMoreFragments)
            return WifiOutcome.Fragment;
        partial.IsOpen = false;
        packets = new WifiPackets(frame.Source, frame.Destination, isAggregate: false, partial.Bytes.AsSpan(0, partial.Length));
        return WifiOutcome.Packets;
    }

    private void Close(ref Partial partial)
    {
        GivenUp += partial.IsOpen ? 1 : 0;
        partial.IsOpen = false;
    }

    /// <summary>Who sends to whom, in which class: folded, as a mistake costs no more than a packet counted twice or not at all.</summary>
    private static ulong KeyOf(in WifiFrame frame)
    {
        const ulong Odd = 0x9e37_79b9_7f4a_7c15;
        return ((frame.Transmitter.Value * Odd ^ frame.Receiver.Value) * Odd ^ frame.Traffic) * Odd;
    }

    private struct Stream
    {
        public ulong Key;
        public ulong Heard;
        public long LatestNs;
        public int Latest;
    }

    private struct Partial
    {
        public ulong Key;
        public long StartedNs;
        public byte[]? Bytes;
        public int SequenceNumber;
        public int Length;
        public int Parts;
        public bool IsOpen;
    }
}

using System.Runtime.InteropServices;
using System.Security.Cryptography;
using PiTap.Wire.Frames;

namespace PiTap.Analysis.Core;

/// <summary>
/// Notices packets that come twice within moments: a switch's mirror port copies what goes in and what comes out, and on all interfaces of
/// a bridge the same packet is seen on each. They are told by what no router changes: addresses, and the beginning of what IP carries.
/// </summary>
internal sealed class DoubledPackets
{
    /// <summary>Packets that are remembered, a place each by hash; a later one takes the place.</summary>
    private const int Places = 1 << PlaceBits;

    private const int PlaceBits = 9;

    /// <summary>What is compared: headers, and the beginning of the payload.</summary>
    private const int ComparedBytes = 64;

    /// <summary>A copy comes within microseconds; what is sent again takes a round trip.</summary>
    private const long WithinNs = 2_000_000;

    /// <summary>Words that are hashed: what is compared, the two addresses and the length.</summary>
    private const int Words = ComparedBytes / sizeof(ulong) + 3;

    private const ulong Spread = 0x9e37_79b9_7f4a_7c15;

    /// <summary>
    /// A key for each word, drawn anew by each process: two packets that differ are taken for one with a chance of 1 in 2^32, whoever made
    /// them.
    /// </summary>
    private readonly ulong[] _keys = MemoryMarshal.Cast<byte, ulong>(RandomNumberGenerator.GetBytes(Words * sizeof(ulong))).ToArray();
    private readonly (ulong Hash, long TimeNs)[] _places = new (ulong, long)[Places];

    /// <summary>True if the packet came just before; a third copy counts as another first one.</summary>
    public bool IsSecond(in Frame frame, long timeNs)
    {
        ReadOnlySpan<byte> payload = frame.IpPayload;
        if (payload.IsEmpty)
            return false;
        ulong hash = Hash(payload[..Math.Min(payload.Length, ComparedBytes)]) + Product(frame.Source.Low, _keys[Words - 3])
            + Product(frame.Destination.Low, _keys[Words - 2]) + Product((uint)payload.Length, _keys[Words - 1]);
        ref (ulong Hash, long TimeNs) place = ref _places[hash * Spread >> 64 - PlaceBits];
        bool isSecond = place.Hash == hash && (ulong)(timeNs - place.TimeNs) <= WithinNs;
        place = isSecond ? default : (hash, timeNs);
        return isSecond;
    }

    /// <summary>
    /// NH (RFC 4418 section 5.2.2): each packet of a tap's whole load pays for this, and here no word waits for the one before.
    /// </summary>
    private ulong Hash(ReadOnlySpan<byte> bytes)
    {
        ReadOnlySpan<ulong> words = MemoryMarshal.Cast<byte, ulong>(bytes);
        ReadOnlySpan<ulong> keys = _keys;
        ulong hash = 0;
        int i = 0;
        for (; i < words.Length && i < keys.Length; i++)
            hash += Product(words[i], keys[i]);
        ulong last = 0;
        ReadOnlySpan<byte> rest = bytes[(i * sizeof(ulong))..];
        for (int at = 0; at < rest.Length; at++)
            last |= (ulong)rest[at] << 8 * at;
        return rest.IsEmpty ? hash : hash + Product(last, keys[i]);
    }

    /// <summary>The two halves of a word, each with its half of the key added, times each other.</summary>
    private static ulong Product(ulong word, ulong key) =>
        (ulong)((uint)word + (uint)key) * ((uint)(word >> 32) + (uint)(key >> 32));
}

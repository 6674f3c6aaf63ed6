using PiTap.Analysis.Core;
using PiTap.Analysis.Naming;
using PiTap.Wire.Application.Tls;

namespace PiTap.Analysis.Inspection;

/// <summary>What a ClientHello tells of the software that sent it.</summary>
/// <param name="Version">The highest version offered.</param>
/// <param name="Alpn">The application protocols offered.</param>
/// <param name="Ja3">Null if the hello has none.</param>
/// <param name="Ja4">Null if the hello has none.</param>
internal sealed record ClientSoftware(string Version, IReadOnlyList<string> Alpn, string? Ja3, string? Ja4);

/// <summary>
/// Software by the part of its hellos that stays the same, so that a fingerprint's hashes are computed once. Bounded: when full it starts
/// afresh.
/// </summary>
internal sealed class ClientSoftwareTable(StringTable strings)
{
    private const int Ja4Length = 36;

    /// <summary>Hellos with longer lists are rare, and computed each time.</summary>
    private const int MaxInputBytes = 1_024;

    /// <summary>Kinds of hellos held.</summary>
    private const int MaxEntries = 2_048;

    /// <summary>Protocols of an ALPN list that are kept.</summary>
    private const int MaxAlpn = 16;

    private readonly record struct Entry(ulong Hash, byte[] Input, ClientSoftware Software);

    private readonly SeededHash _hash = SeededHash.Create();
    private readonly Entry[] _entries = new Entry[2 * MaxEntries];
    private int _count;

    public ClientSoftware Get(in ClientHelloView hello, Ja4Transport transport)
    {
        Span<byte> room = stackalloc byte[MaxInputBytes];
        if (!TlsFingerprintInput.TryWrite(hello, transport, room, out int length))
            return Compute(hello, transport);
        ReadOnlySpan<byte> input = room[..length];
        ulong hash = _hash.Of(input);
        int slot = (int)hash & (_entries.Length - 1);
        // Ends at an empty slot, of which there are as many as full ones.
        for (; _entries[slot].Software is not null; slot = (slot + 1) & (_entries.Length - 1))
        {
            if (_entries[slot].Hash == hash && input.SequenceEqual(_entries[slot].Input))
                return _entries[slot].Software;
        }
        ClientSoftware software = Compute(hello, transport);
        if (_count >= MaxEntries)
        {
            Array.Clear(_entries);
            _count = 0;
            slot = (int)hash & (_entries.Length - 1);
        }
        _entries[slot] = new Entry(hash, input.ToArray(), software);
        _count++;
        return software;
    }

    private ClientSoftware Compute(in ClientHelloView hello, Ja4Transport transport)
    {
        Span<byte> fingerprint = stackalloc byte[Ja4Length];
        string? ja3 = TlsFingerprint.WriteJa3(hello, fingerprint) ? strings.Get(fingerprint[..TlsFingerprint.Ja3Length]) : null;
        bool hasJa4 = transport != Ja4Transport.Dtls && TlsFingerprint.WriteJa4(hello, transport, fingerprint);
        string? ja4 = hasJa4 ? strings.Get(fingerprint) : null;
        return new ClientSoftware(TlsVersions.Text(hello.HighestVersion), AlpnList(hello.Alpn), ja3, ja4);
    }

    private string[] AlpnList(TlsProtocolNames names)
    {
        int count = 0;
        foreach (ReadOnlySpan<byte> _ in names)
            count++;
        if (count == 0)
            return [];
        string[] list = new string[Math.Min(count, MaxAlpn)];
        int index = 0;
        foreach (ReadOnlySpan<byte> name in names)
        {
            if (index == list.Length)
                break;
            list[index++] = strings.Get(name);
        }
        return list;
    }
}

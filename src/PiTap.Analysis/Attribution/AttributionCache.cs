using System.Diagnostics.CodeAnalysis;
using PiTap.Model;

namespace PiTap.Analysis.Attribution;

/// <summary>
/// Attributions that were worked out, by all that they follow from. Bounded in bytes: of two halves the younger one takes what is asked
/// for; once it is full, what nobody asked for since it was last, goes and is counted. Nothing is lost by that but the time to work it out
/// again.
/// </summary>
internal sealed class AttributionCache
{
    /// <summary>Bytes of both halves, reckoned from above: a text counts for each that has it.</summary>
    public const int MaxBytes = 4 << 20;

    /// <summary>An attribution with its list and its network, and its place in a table.</summary>
    private const int EntryBytes = 480;

    /// <summary>Header, length and last character of a text.</summary>
    private const int TextBytes = 24;

    private Dictionary<Key, PartyAttribution> _young = [];
    private Dictionary<Key, PartyAttribution> _old = [];
    private int _youngBytes;

    /// <summary>Attributions that gave way.</summary>
    public long Evicted { get; private set; }

    public bool TryFind(in Contacted contacted, [NotNullWhen(true)] out PartyAttribution? attribution)
    {
        Key key = new(contacted);
        if (_young.TryGetValue(key, out attribution))
            return true;
        if (!_old.Remove(key, out attribution))
            return false;
        Add(key, attribution);
        return true;
    }

    public void Add(in Contacted contacted, PartyAttribution attribution) => Add(new Key(contacted), attribution);

    private void Add(in Key key, PartyAttribution attribution)
    {
        int bytes = EntryBytes + key.Bytes() + BytesOf(attribution);
        if (bytes > MaxBytes / 2)
        {
            Evicted++;
            return;
        }
        if (_youngBytes + bytes > MaxBytes / 2)
        {
            Evicted += _old.Count;
            _old.Clear();
            (_young, _old) = (_old, _young);
            _youngBytes = 0;
        }
        _young.Add(key, attribution);
        _youngBytes += bytes;
    }

    private static int BytesOf(PartyAttribution who) => BytesOf(who.Party) + BytesOf(who.PartyReason) + BytesOf(who.RoleReason)
        + BytesOf(who.DeclaredReason) + BytesOf(who.HostedInReason) + BytesOf(who.RegisteredTo?.Organisation)
        + BytesOf(who.RegisteredTo?.Reason);

    private static int BytesOf(string? text) => text is null ? 0 : TextBytes + sizeof(char) * text.Length;

    /// <summary>All that an attribution follows from.</summary>
    private readonly struct Key(in Contacted contacted) : IEquatable<Key>
    {
        private readonly string? _host = contacted.Host;
        private readonly HostSource _source = contacted.HostSource;
        private readonly IReadOnlyList<string> _aliases = contacted.Aliases;
        private readonly IReadOnlyList<IpAddress> _addresses = contacted.Addresses;
        private readonly bool _isHousekeeping = contacted.IsHousekeeping;

        public bool Equals(Key other) => _source == other._source && _isHousekeeping == other._isHousekeeping && _host == other._host
            && AreSame(_addresses, other._addresses) && AreSame(_aliases, other._aliases);

        public override bool Equals(object? obj) => obj is Key other && Equals(other);

        public override int GetHashCode()
        {
            HashCode hash = default;
            hash.Add(_host);
            hash.Add(_source);
            hash.Add(_isHousekeeping);
            for (int i = 0; i < _addresses.Count; i++)
                hash.Add(_addresses[i]);
            for (int i = 0; i < _aliases.Count; i++)
                hash.Add(_aliases[i]);
            return hash.ToHashCode();
        }

        public int Bytes()
        {
            int bytes = BytesOf(_host) + 2 * TextBytes + _addresses.Count * 2 * sizeof(ulong);
            for (int i = 0; i < _aliases.Count; i++)
                bytes += nint.Size + BytesOf(_aliases[i]);
            return bytes;
        }

        private static bool AreSame<T>(IReadOnlyList<T> left, IReadOnlyList<T> right)
            where T : IEquatable<T>
        {
            if (left.Count != right.Count)
                return false;
            for (int i = 0; i < left.Count; i++)
            {
                if (!left[i].Equals(right[i]))
                    return false;
            }
            return true;
        }
    }
}

using PiTap.Model;

namespace PiTap.Analysis.Attribution;

/// <summary>
/// What the contacts of one device with one party say of it, put together one by one and in any order. What they count is for whoever puts
/// them there.
/// </summary>
/// <param name="maxHosts">Hosts that are named: those with the most bytes.</param>
public sealed class PartyDescription(int maxHosts)
{
    /// <summary>Reasons that one sentence gives.</summary>
    private const int MaxReasons = 3;

    private readonly List<ContactRecord> _largest = new(maxHosts + 1);
    private readonly List<ContactRecord> _reasons = new(MaxReasons + 1);
    private readonly WordSet _services = new(), _categories = new(), _countries = new();
    private ContactRecord? _surest;
    private Confidence _leastHosted = Confidence.None;
    private long _firstSeenNs = long.MaxValue, _lastSeenNs = long.MinValue;
    private ulong _appProtos;

    private string Device => _surest!.Device;

    /// <summary>
    /// Adds a contact that was attributed, or what one that is there has become: with more bytes, but the same attribution.
    /// </summary>
    public void Put(ContactRecord contact)
    {
        ArgumentNullException.ThrowIfNull(contact);
        PartyAttribution who = contact.Attribution!;
        _appProtos |= contact.AppProtos;
        _firstSeenNs = Math.Min(_firstSeenNs, contact.FirstSeenNs);
        _lastSeenNs = Math.Max(_lastSeenNs, contact.LastSeenNs);
        _services.Add(who.Service);
        _categories.Add(who.Category);
        if (_surest is null || who.PartyConfidence > _surest.Attribution!.PartyConfidence
            || (who.PartyConfidence == _surest.Attribution.PartyConfidence && IsBefore(contact, _surest)))
        {
            _surest = contact;
        }
        AddPlace(contact, who);
        Keep(_largest, contact, maxHosts, static one => one.Host);
    }

    /// <summary>The record of all that were put there, of which there is at least one, without any count.</summary>
    public PartyRecord ToRecord()
    {
        ContactRecord surest = _surest!;
        return new PartyRecord
        {
            Device = Device,
            // What is said of the party is said by whatever is most sure; where its servers stand, by all of them.
            Attribution = surest.Attribution! with
            {
                HostedIn = _countries.Words(),
                HostedInReason = _reasons.Count == 0 ? null : string.Join("; ", _reasons.Select(ReasonOf)),
                HostedInConfidence = _leastHosted,
            },
            Services = _services.Words(),
            Categories = _categories.Words(),
            Hosts = [.. _largest.Select(Shown).Distinct()],
            AppProtos = _appProtos,
            FirstSeenNs = _firstSeenNs,
            LastSeenNs = _lastSeenNs,
        };
    }

    /// <summary>Behind a cover name of ECH is another host, of which the address alone is known (RFC 9849 section 6.1).</summary>
    private static string Shown(ContactRecord contact) =>
        contact.HostSource == HostSource.EchCover && contact.Addresses is [ContactAddress first, ..]
            ? first.Address.ToString() : contact.Host;

    /// <summary>Most bytes first.</summary>
    private static bool IsBefore(ContactRecord contact, ContactRecord other)
    {
        int byBytes = (other.BytesUp + other.BytesDown).CompareTo(contact.BytesUp + contact.BytesDown);
        return byBytes < 0 || (byBytes == 0 && string.CompareOrdinal(contact.Host, other.Host) < 0);
    }

    private void AddPlace(ContactRecord contact, PartyAttribution who)
    {
        for (int i = 0; i < who.HostedIn.Count; i++)
            _countries.Add(who.HostedIn[i]);
        if (who.HostedIn.Count > 0 && (_leastHosted == Confidence.None || who.HostedInConfidence < _leastHosted))
            _leastHosted = who.HostedInConfidence;
        if (who.HostedInReason is not null)
            Keep(_reasons, contact, MaxReasons, ReasonOf);
    }

    private static string? ReasonOf(ContactRecord contact) => contact.Attribution!.HostedInReason;

    /// <summary>
    /// Puts a contact in its place among the largest, of those that say the same the largest. As none becomes smaller, whatever has no
    /// place need not be remembered: of one party there may be any number of contacts.
    /// </summary>
    private static void Keep(List<ContactRecord> largest, ContactRecord contact, int most, Func<ContactRecord, string?> said)
    {
        int known = largest.Count - 1;
        while (known >= 0 && said(largest[known]) != said(contact))
            known--;
        if (known >= 0)
        {
            if (largest[known].Host != contact.Host && !IsBefore(contact, largest[known]))
                return;
            largest.RemoveAt(known);
        }
        int place = largest.Count;
        while (place > 0 && IsBefore(contact, largest[place - 1]))
            place--;
        largest.Insert(place, contact);
        if (largest.Count > most)
            largest.RemoveAt(most);
    }

    /// <summary>A few words, each of which comes again and again.</summary>
    private sealed class WordSet
    {
        private readonly List<string> _words = [];
        private string? _last;

        public void Add(string? word)
        {
            if (word is null || ReferenceEquals(word, _last))
                return;
            _last = word;
            if (!_words.Contains(word))
                _words.Add(word);
        }

        public IReadOnlyList<string> Words() => [.. _words.Order(StringComparer.Ordinal)];
    }
}

using PiTap.Model;

namespace PiTap.Analysis.Attribution;

/// <summary>
/// Rolls contacts that were attributed up into device x party. There are no more of them than contacts, which stores bound.
/// </summary>
public static class PartyRollup
{
    /// <summary>Reasons that one sentence gives.</summary>
    private const int MaxReasons = 3;

    private readonly record struct Key(string Device, string Party, PartyRole Role);

    /// <summary>Parties by device, third ones first, most bytes first.</summary>
    public static IEnumerable<PartyRecord> Of(IEnumerable<ContactRecord> contacts) =>
        contacts.GroupBy(static contact => KeyOf(contact)).Select(static group => Sum([.. group])).Order(PartyOrder.ByRole);

    private static Key KeyOf(ContactRecord contact)
    {
        PartyAttribution who = contact.Attribution!;
        return new Key(contact.Device, who.Party, who.Role);
    }

    /// <summary>Contacts of one device with one party, of which there is at least one, in one record.</summary>
    public static PartyRecord Sum(ContactRecord[] contacts)
    {
        ArgumentNullException.ThrowIfNull(contacts);
        Array.Sort(contacts, static (a, b) => (b.BytesUp + b.BytesDown, a.Host).CompareTo((a.BytesUp + a.BytesDown, b.Host)));
        PartyAttribution[] all = [.. contacts.Select(static contact => contact.Attribution!)];
        // What is said of the party is said by whatever is most sure; where its servers stand, by all of them.
        PartyAttribution surest = all.MaxBy(static who => who.PartyConfidence)!;
        string[] reasons = [.. all.Select(static who => who.HostedInReason).OfType<string>().Distinct(StringComparer.Ordinal)];
        Confidence[] confidences =
            [.. all.Where(static who => who.HostedIn.Count > 0).Select(static who => who.HostedInConfidence)];
        return new PartyRecord
        {
            Device = contacts[0].Device,
            Attribution = surest with
            {
                HostedIn = [.. all.SelectMany(static who => who.HostedIn).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)],
                HostedInReason = reasons.Length == 0 ? null : string.Join("; ", reasons.Take(MaxReasons)),
                HostedInConfidence = confidences.DefaultIfEmpty(Confidence.None).Min(),
            },
            Services = Words(all, static who => who.Service),
            Categories = Words(all, static who => who.Category),
            Hosts = [.. contacts.Take(PartyRecord.MaxHosts).Select(static contact => contact.Host)],
            Contacts = contacts.Length,
            Flows = contacts.Sum(static contact => contact.Flows),
            FlowsEncrypted = contacts.Sum(static contact => contact.FlowsEncrypted),
            FlowsReadable = contacts.Sum(static contact => contact.FlowsReadable),
            FlowsOpaque = contacts.Sum(static contact => contact.FlowsOpaque),
            AppProtos = contacts.Aggregate(0UL, static (bits, contact) => bits | contact.AppProtos),
            PacketsUp = contacts.Sum(static contact => contact.PacketsUp),
            PacketsDown = contacts.Sum(static contact => contact.PacketsDown),
            BytesUp = contacts.Sum(static contact => contact.BytesUp),
            BytesDown = contacts.Sum(static contact => contact.BytesDown),
            FirstSeenNs = contacts.Min(static contact => contact.FirstSeenNs),
            LastSeenNs = contacts.Max(static contact => contact.LastSeenNs),
        };
    }

    private static IReadOnlyList<string> Words(PartyAttribution[] all, Func<PartyAttribution, string?> word) =>
        [.. all.Select(word).OfType<string>().Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
}

/// <summary>In which order parties are looked at.</summary>
public sealed class PartyOrder : IComparer<PartyRecord>
{
    private static readonly PartyRole[] s_roles =
        [PartyRole.ThirdParty, PartyRole.Unknown, PartyRole.FirstParty, PartyRole.Platform, PartyRole.Infrastructure, PartyRole.Local];

    /// <summary>By device; of one device what nobody declared first, then third parties, most bytes first.</summary>
    public static PartyOrder ByRole { get; } = new();

    public int Compare(PartyRecord? x, PartyRecord? y)
    {
        int byDevice = string.CompareOrdinal(x!.Device, y!.Device);
        if (byDevice != 0)
            return byDevice;
        int byRole = Rank(x.Attribution).CompareTo(Rank(y.Attribution));
        if (byRole != 0)
            return byRole;
        int byBytes = (y.BytesUp + y.BytesDown).CompareTo(x.BytesUp + x.BytesDown);
        return byBytes != 0 ? byBytes : string.CompareOrdinal(x.Attribution.Party, y.Attribution.Party);
    }

    private static int Rank(PartyAttribution who) => who.IsDeclared == false ? -1 : Array.IndexOf(s_roles, who.Role);
}

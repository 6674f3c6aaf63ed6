using PiTap.Model;

namespace PiTap.Analysis.Attribution;

/// <summary>
/// Rolls contacts that were attributed up into device x party. There are no more of them than contacts, which stores bound.
/// </summary>
public static class PartyRollup
{
    private readonly record struct Key(string Device, string Party, PartyRole Role);

    /// <summary>Parties by device, third ones first, most bytes first.</summary>
    public static IEnumerable<PartyRecord> Of(IEnumerable<ContactRecord> contacts) =>
        contacts.GroupBy(static contact => KeyOf(contact)).Select(static group => Sum(group)).Order(PartyOrder.ByRole);

    private static Key KeyOf(ContactRecord contact)
    {
        PartyAttribution who = contact.Attribution!;
        return new Key(contact.Device, who.Party, who.Role);
    }

    private static PartyRecord Sum(IEnumerable<ContactRecord> contacts)
    {
        PartyDescription description = new(PartyRecord.MaxHosts);
        TrafficCounts counts = default;
        long number = 0;
        foreach (ContactRecord contact in contacts)
        {
            description.Put(contact);
            counts += contact.Counts();
            number++;
        }
        return description.ToRecord().With(counts) with { Contacts = number };
    }
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

using PiTap.Model;

namespace PiTap.Host.Output;

/// <summary>
/// A sentence for each party that got data and that the app's privacy policy does not name: who, where, and what anyone on the way could
/// read.
/// </summary>
internal static class UndeclaredText
{
    /// <summary>Parties that have a sentence.</summary>
    private const int MaxParties = 8;

    /// <summary>Hosts that a sentence names.</summary>
    private const int MaxHosts = 3;

    /// <param name="contacts">All contacts, attributed.</param>
    /// <param name="countryName">What countries are called.</param>
    public static IEnumerable<string> Lines(IEnumerable<ContactRecord> contacts, Func<string, string> countryName)
    {
        (string Party, ContactRecord[] Contacts)[] parties =
        [
            .. contacts.Where(static contact => contact.Attribution?.IsDeclared == false)
                .GroupBy(static contact => contact.Attribution!.Party, static (party, contacts) => (party, contacts.ToArray()))
                .OrderByDescending(static pair => pair.Item2.Sum(static contact => contact.BytesUp + contact.BytesDown)),
        ];
        foreach ((string party, ContactRecord[] its) in parties.Take(MaxParties))
            yield return Sentence(party, its, countryName);
        if (parties.Length > MaxParties)
            yield return $"Undeclared, too: {Numbers.Of(parties.Length - MaxParties, "further party")}.";
    }

    private static string Sentence(string party, ContactRecord[] contacts, Func<string, string> countryName)
    {
        string? home = contacts.Select(static contact => contact.Attribution!.HomeCountry).OfType<string>().FirstOrDefault();
        string[] hosted =
        [
            .. contacts.SelectMany(static contact => contact.Attribution!.HostedIn).Distinct(StringComparer.Ordinal)
                .Select(countryName).Order(StringComparer.Ordinal),
        ];
        int devices = contacts.Select(static contact => contact.Device).Distinct(StringComparer.Ordinal).Count();
        string where = (home is null ? "" : $", at home in {countryName(home)}")
            + (hosted.Length == 0 ? "" : $", with servers in {string.Join(", ", hosted)}");
        return $"Undeclared: {party}{where}. {Numbers.Of(devices, "device")}, {Readable(contacts)}.";
    }

    private static string Readable(ContactRecord[] contacts)
    {
        long flows = contacts.Sum(static contact => contact.Flows);
        long readable = contacts.Sum(static contact => contact.FlowsReadable);
        if (readable == 0)
            return $"{Numbers.Of(flows, "flow")}, none of which is known to be readable";
        string[] hosts =
        [
            .. contacts.Where(static contact => contact.FlowsReadable > 0).Select(static contact => contact.Host)
                .Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal),
        ];
        string more = hosts.Length > MaxHosts ? $" and {hosts.Length - MaxHosts} more" : "";
        return $"{Numbers.Count(readable)} of {Numbers.Of(flows, "flow")} could be read on the way: "
            + string.Join(", ", hosts.Take(MaxHosts)) + more;
    }
}

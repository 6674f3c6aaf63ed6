using PiTap.Catalogue.Names;
using PiTap.Catalogue.Parties;
using PiTap.Catalogue.Suffixes;
using PiTap.Model;

namespace PiTap.Catalogue.Import;

/// <summary>What lists say of domains, before it is written.</summary>
internal sealed class ListRows(PublicSuffixes suffixes, ListFields fields)
{
    /// <summary>Domains of a set: many times what a list has.</summary>
    public const int MaxRows = 200_000;

    private readonly Dictionary<string, Row> _rows = new(StringComparer.Ordinal);

    /// <summary>A row for each domain about which the lists agree.</summary>
    public List<ThirdPartyRow> Take()
    {
        List<ThirdPartyRow> rows = [];
        foreach ((string domain, Row row) in _rows)
        {
            if (row.Service is { } service)
                rows.Add(new ThirdPartyRow(domain, service, row.Company, row.Category.Category));
            else
                fields.LeaveOut("names that are said to be of several owners");
        }
        return rows;
    }

    /// <summary>
    /// Adds what is said of a domain. If something was said before: of one company it may be two services, which the company then stands
    /// for; what two companies, or two services without one, are said to run is left out.
    /// </summary>
    /// <param name="place">Where the domain stands.</param>
    /// <param name="text">The domain, in capitals or small letters.</param>
    /// <param name="service">What runs there; null for no more than the company.</param>
    /// <param name="company">Who runs it; null if that is not said.</param>
    /// <param name="category">What it is there for.</param>
    public void Add(string place, string text, string? service, string? company, ListCategory category)
    {
        if (DomainOf(place, text) is not { } domain)
            return;
        if ((service ?? company) is not { } name)
        {
            fields.LeaveOut("names without an owner");
            return;
        }
        Row row = new(name, company, category);
        _rows[domain] = _rows.TryGetValue(domain, out Row known) ? Merge(known, row) : row;
        if (_rows.Count > MaxRows)
            fields.Refuse(place, $"this is more than {MaxRows} domains");
    }

    private static Row Merge(Row known, Row row)
    {
        bool isOneCompany = known.Company is null || row.Company is null || known.Company == row.Company;
        string? company = known.Company ?? row.Company;
        string? service = !isOneCompany || known.Service is null ? null
            : known.Service == row.Service ? known.Service
            : company;
        return new Row(service, company, ListCategory.Best(known.Category, row.Category));
    }

    /// <summary>A domain as tables write it. Null if it is left out, or, and noted, none.</summary>
    private string? DomainOf(string place, string text)
    {
        string shown = PlainText.Shown(text);
        if (text.AsSpan().ContainsAnyExceptInRange('!', '~'))
        {
            fields.Refuse(place, $"'{shown}' is no domain in ASCII; other letters are written in the form that begins with xn--");
            return null;
        }
        string domain = text.ToLowerInvariant();
        if (text.IndexOf('/', StringComparison.Ordinal) > 0)
            fields.LeaveOut("names with a path");
        else if (IpAddress.TryParse(domain, out _))
            fields.LeaveOut("addresses");
        else if (!DomainName.IsWellFormed(domain))
            fields.Refuse(place, $"'{shown}' is no domain: labels of up to 63 letters, digits and hyphens, {DomainName.MaxLength} in all");
        else if (suffixes.GetRegistrable(domain).IsEmpty)
            fields.LeaveOut("public suffixes");
        else
            return domain;
        return null;
    }

    /// <summary>What is said of a domain; the service is null once several are said to own it.</summary>
    private readonly record struct Row(string? Service, string? Company, ListCategory Category);
}

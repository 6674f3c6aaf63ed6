using System.Diagnostics.CodeAnalysis;
using PiTap.Catalogue.Names;

namespace PiTap.Catalogue.Profiles;

/// <summary>What an app's publisher runs itself, and whom its privacy policy names. Immutable; a lookup allocates nothing.</summary>
public sealed class AppProfile
{
    private readonly DomainMap<string> _own;
    private readonly DomainMap<DeclaredRecipient> _declaredDomains;
    private readonly Dictionary<string, DeclaredRecipient> _declaredCompanies;

    internal AppProfile(
        ProfileTexts texts, IReadOnlyList<string> ownDomains, PolicySource policy, IReadOnlyList<DeclaredRecipient> declared)
    {
        (Id, App, Publisher, Note) = texts;
        OwnDomains = ownDomains;
        Policy = policy;
        Declared = declared;
        _own = new DomainMap<string>(ownDomains.Select(static domain => KeyValuePair.Create(domain, domain)));
        _declaredDomains = new DomainMap<DeclaredRecipient>(declared.SelectMany(static recipient =>
            recipient.Domains.Select(domain => KeyValuePair.Create(domain, recipient))));
        _declaredCompanies = declared.ToDictionary(static recipient => recipient.Company, StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>What the app is called on the command line, for example <c>clubhouse-2021</c>: small letters, digits, hyphens.</summary>
    public string Id { get; }

    /// <summary>The app, as people know it.</summary>
    public string App { get; }

    /// <summary>Who answers for the app.</summary>
    public string Publisher { get; }

    /// <summary>Domains that the publisher runs, in small ASCII letters, each with all names below it.</summary>
    public IReadOnlyList<string> OwnDomains { get; }

    /// <summary>The recipients that the policy names; empty where it names none.</summary>
    public IReadOnlyList<DeclaredRecipient> Declared { get; }

    /// <summary>The privacy policy, or what stands in its place.</summary>
    public PolicySource Policy { get; }

    /// <summary>The https address at which the policy was read.</summary>
    public string PolicyUrl => Policy.Url;

    /// <summary>The day that the policy gives for itself; null where it gives none.</summary>
    public DateOnly? PolicyDate => Policy.Date;

    /// <summary>What a reader of the profile should know beside it; null for nothing.</summary>
    public string? Note { get; }

    /// <summary>True if the host is one of the publisher's domains, or below one. A dot at the end is ignored.</summary>
    public bool Owns(ReadOnlySpan<char> host) => _own.TryFind(host, out _);

    /// <summary>True if the policy names the company, whose name is compared without regard to case.</summary>
    public bool Declares(string company) => _declaredCompanies.ContainsKey(company);

    /// <summary>Finds the recipient that a host or its company is, and with it the text that names it.</summary>
    /// <param name="host">The host's name; empty where none is known.</param>
    /// <param name="company">The company that runs it, as the tables of parties call it; null where none is known.</param>
    /// <param name="recipient">The recipient: by the host's domain before the company's name.</param>
    public bool TryFindDeclared(ReadOnlySpan<char> host, string? company, [NotNullWhen(true)] out DeclaredRecipient? recipient) =>
        _declaredDomains.TryFind(host, out recipient)
        || (company is not null && _declaredCompanies.TryGetValue(company, out recipient));
}

using System.CommandLine;
using PiTap.Model;

namespace PiTap.Host.Arguments;

/// <summary>Which parties are wanted.</summary>
/// <param name="Party">Part of the name of party, company or service; null for all.</param>
/// <param name="Role">What it is to the app; null for all.</param>
/// <param name="Country">Its home, where it is hosted or where its network is registered, ISO 3166-1; null for all.</param>
internal sealed record PartyFilter(string? Party, PartyRole? Role, string? Country)
{
    /// <summary>Everybody.</summary>
    public static PartyFilter All { get; } = new(null, null, null);

    /// <summary>True if nothing is left out.</summary>
    public bool IsAll => Party is null && Role is null && Country is null;

    public bool Takes(PartyAttribution? who) => IsAll || (who is not null
        && (Party is null || Has(who.Party, Party) || Has(who.Company, Party) || Has(who.Service, Party))
        && (Role is null || who.Role == Role)
        && (Country is null || who.HomeCountry == Country || who.HostedIn.Contains(Country) || who.RegisteredTo?.Country == Country));

    private static bool Has(string? text, string part) => text?.Contains(part, StringComparison.OrdinalIgnoreCase) == true;
}

/// <summary>The options for it.</summary>
internal sealed class PartyOptions
{
    private readonly Option<string?> _party = new("--party")
    {
        Description = "Only this party: part of the name of a company, a service or a network (agora).",
        HelpName = "PARTY",
        CustomParser = static result => CommonOptions.NotEmpty(result, CommonOptions.Single(result)),
    };

    private readonly Option<PartyRole?> _role = new("--role")
    {
        Description = $"Only what is this to the app: {string.Join(", ", AttributionNames.Roles)}.",
        HelpName = "ROLE",
        CustomParser = static result =>
        {
            string text = CommonOptions.Single(result).ToLowerInvariant().Replace(' ', '-');
            foreach (PartyRole role in Enum.GetValues<PartyRole>())
            {
                if (role.Text() == text)
                    return role;
            }
            result.AddError($"--role: '{text}' is none of {string.Join(", ", AttributionNames.Roles)}.");
            return null;
        },
    };

    private readonly Option<string?> _country = new("--country")
    {
        Description = "Only what is at home, hosted or registered in this country, by its ISO 3166 code: CN.",
        HelpName = "CODE",
        CustomParser = static result =>
        {
            string text = CommonOptions.Single(result);
            if (text.Length != 2 || !text.All(char.IsAsciiLetter))
                result.AddError($"--country: '{text}' is no code of two letters; write for example CN.");
            return text.ToUpperInvariant();
        },
    };

    private readonly Option<string?> _profile = CommonOptions.Profile();

    public void AddTo(Command command)
    {
        command.Add(_profile);
        command.Add(_party);
        command.Add(_role);
        command.Add(_country);
    }

    public string? Profile(ParseResult parsed) => parsed.GetValue(_profile);

    public PartyFilter Read(ParseResult parsed) => new(parsed.GetValue(_party), parsed.GetValue(_role), parsed.GetValue(_country));
}

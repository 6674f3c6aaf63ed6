namespace PiTap.Catalogue.Places;

/// <summary>A group of countries whose law or practice decides who may see data that is kept there.</summary>
public enum CountryGroup
{
    /// <summary>None of these.</summary>
    None,

    /// <summary>The European Union, whose law is the General Data Protection Regulation.</summary>
    EuropeanUnion,

    /// <summary>The European Economic Area: the Union, and three countries that apply the same regulation.</summary>
    EuropeanEconomicArea,

    /// <summary>Countries that the European Commission found to protect personal data adequately (Article 45 of the regulation).</summary>
    Adequacy,

    /// <summary>Countries whose intelligence services share what they gather.</summary>
    FiveEyes,
}

/// <summary>That a country belongs to a group, and why the table says so.</summary>
/// <param name="Country">ISO 3166-1 code.</param>
/// <param name="Group">The group.</param>
/// <param name="OnlyFor">To whom it is limited, for example to companies that joined a framework; null if to nobody.</param>
/// <param name="Source">An https address of what says so.</param>
/// <param name="Checked">The day on which somebody read it there.</param>
public sealed record CountryMembership(string Country, CountryGroup Group, string? OnlyFor, string Source, DateOnly Checked);

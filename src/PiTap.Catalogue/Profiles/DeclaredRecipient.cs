namespace PiTap.Catalogue.Profiles;

/// <summary>A recipient that an app's privacy policy names.</summary>
/// <param name="Company">The company, as the tables of parties call it where they know it.</param>
/// <param name="Domains">Domains of the company that the profile gives, in small ASCII letters; empty where the tables know it.</param>
/// <param name="Source">The text that names it.</param>
public sealed record DeclaredRecipient(string Company, IReadOnlyList<string> Domains, PolicySource Source);

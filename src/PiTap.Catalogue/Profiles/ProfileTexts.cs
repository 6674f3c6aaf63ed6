namespace PiTap.Catalogue.Profiles;

/// <summary>The texts of a profile, as <see cref="AppProfile"/> tells them.</summary>
internal readonly record struct ProfileTexts(string Id, string App, string Publisher, string? Note);

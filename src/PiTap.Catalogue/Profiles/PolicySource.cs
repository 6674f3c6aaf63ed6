namespace PiTap.Catalogue.Profiles;

/// <summary>A text that somebody read, such as a privacy policy.</summary>
/// <param name="Url">Its https address.</param>
/// <param name="Date">The day that the text gives for itself; null where it gives none.</param>
/// <param name="Accessed">The day on which it was read, be it in a stored copy.</param>
public sealed record PolicySource(string Url, DateOnly? Date, DateOnly Accessed);

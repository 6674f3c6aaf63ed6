using PiTap.Capture;
using PiTap.Catalogue.Profiles;
using PiTap.Model;
using PiTap.Store.Files;

namespace PiTap.Host.Platform;

/// <summary>Which failures are the user's to know, and their sentence.</summary>
internal static class Failures
{
    /// <summary>The sentence; null for a failure that is a mistake of the program's.</summary>
    public static string? Sentence(Exception failure) => failure switch
    {
        CliException or CaptureException or ControlException or ProfileException or StoreException or IOException
            or UnauthorizedAccessException => OneLine(failure.Message),
        _ => null,
    };

    private static string OneLine(string message) => message.ReplaceLineEndings(" ").TrimEnd();
}

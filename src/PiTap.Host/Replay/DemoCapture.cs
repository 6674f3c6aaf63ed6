namespace PiTap.Host.Replay;

/// <summary>
/// The capture of the demonstration: a synthetic one, which the tests make and hold. It is part of the program's file, so that showing it
/// takes neither a network nor anything else beside the program.
/// </summary>
internal static class DemoCapture
{
    private const string Resource = "clubhouse-2021.pcapng";

    /// <summary>The capture, a pcapng file, from its first byte.</summary>
    public static Stream Open() => typeof(DemoCapture).Assembly.GetManifestResourceStream(Resource)
        ?? throw new InvalidOperationException($"this build of PiTap lacks its capture '{Resource}'");
}

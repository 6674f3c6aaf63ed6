namespace PiTap.Replay.Tests.House;

/// <summary>
/// With PITAP_REWRITE=yes in the environment these tests write what they would find to be wrong: exceptions that shrank, arrows, the
/// picture.
/// </summary>
internal static class Rewrite
{
    public static bool IsAsked { get; } = Environment.GetEnvironmentVariable("PITAP_REWRITE") == "yes";
}

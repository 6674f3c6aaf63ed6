namespace PiTap.Replay.Tests.House;

/// <summary>A failure that shows all lines: a list asserted as such is cut off where it would be read.</summary>
internal static class Listing
{
    public static void IsEmpty(IEnumerable<string> lines)
    {
        string text = string.Join('\n', lines);
        if (text.Length > 0)
            Assert.Fail(text);
    }
}

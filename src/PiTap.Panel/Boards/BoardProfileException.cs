namespace PiTap.Panel.Boards;

/// <summary>A board's file is wrong: which one, where in it, and why. The message is one sentence for people.</summary>
/// <param name="file">The file's name.</param>
/// <param name="key">Where in it, for example <c>display.i2c.address</c>; empty for the whole.</param>
/// <param name="reason">Why, and what to do.</param>
public sealed class BoardProfileException(string file, string key, string reason)
    : Exception(key.Length == 0 ? $"{file}: {reason}" : $"{file}: {key}: {reason}")
{
    /// <summary>The file's name.</summary>
    public string File { get; } = file;

    /// <summary>Where in it; empty for the whole.</summary>
    public string Key { get; } = key;

    /// <summary>Why, and what to do.</summary>
    public string Reason { get; } = reason;
}

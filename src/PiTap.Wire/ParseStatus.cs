namespace PiTap.Wire;

/// <summary>
/// The outcome of a parse. The contract of every view in this room: <c>Parse</c> checks once, and after <see cref="Ok"/> no accessor
/// throws or reads outside the span, whatever the bytes. A view holds no copy: it is gone with the span it looks at.
/// </summary>
public enum ParseStatus : byte
{
    /// <summary>Zero is not success: nothing was parsed.</summary>
    NotParsed = 0,
    /// <summary>The header is whole and consistent. The body may still be cut by the capture's snap length.</summary>
    Ok = 1,
    /// <summary>There are fewer bytes than the header needs: with more of them it could become <see cref="Ok"/>.</summary>
    Truncated = 2,
    /// <summary>The bytes contradict the protocol: more of them would not help.</summary>
    Malformed = 3,
    /// <summary>Well-formed, of a kind that is not looked into.</summary>
    Unsupported = 4,
}

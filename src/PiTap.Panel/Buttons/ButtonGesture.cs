namespace PiTap.Panel.Buttons;

/// <summary>What somebody did with a button.</summary>
public enum ButtonGesture
{
    /// <summary>Nothing yet.</summary>
    None,

    /// <summary>Pressed and let go.</summary>
    Press,

    /// <summary>The same twice in a row.</summary>
    Twice,

    /// <summary>Held for a second or more, and let go.</summary>
    Hold,

    /// <summary>Held for five seconds: what will happen once it is let go is to be announced.</summary>
    ShutdownAnnounced,

    /// <summary>Held for five seconds, and let go.</summary>
    Shutdown,

    /// <summary>Held far too long: something lies on it, or it is broken. It is reported, and not obeyed.</summary>
    Stuck,
}

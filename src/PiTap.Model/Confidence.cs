namespace PiTap.Model;

/// <summary>How sure a statement about who or where somebody is can be. Stored by number: append only.</summary>
public enum Confidence : byte
{
    /// <summary>Nothing is stated.</summary>
    None,

    /// <summary>Better than nothing: sources disagree, or only the network is known.</summary>
    Guess,

    /// <summary>One source that is usually right.</summary>
    Likely,

    /// <summary>Looked up by people and sourced, or two independent sources agree.</summary>
    Certain,
}

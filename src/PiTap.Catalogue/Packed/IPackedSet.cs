namespace PiTap.Catalogue.Packed;

/// <summary>Lookups in a packed set.</summary>
internal interface IPackedSet
{
    /// <summary>Where the set comes from.</summary>
    SetDescription Description { get; }

    /// <summary>True if the checksum is right. Reads the whole file.</summary>
    bool IsWhole();
}

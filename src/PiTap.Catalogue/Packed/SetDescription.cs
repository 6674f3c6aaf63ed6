namespace PiTap.Catalogue.Packed;

/// <summary>What a set of data is and where it comes from.</summary>
/// <param name="Name">Its name, for example <c>hosted</c>.</param>
/// <param name="Title">What it says, in a few words.</param>
/// <param name="Package">The package that it was made from, or <c>-</c> for PiTap's own tables.</param>
/// <param name="Version">The package's version, or <c>-</c>.</param>
/// <param name="Date">The day of the data; of PiTap's own tables, that on which the newest row was checked.</param>
/// <param name="Licence">SPDX identifiers, or a sentence.</param>
/// <param name="Source">Where the data come from, for people.</param>
/// <param name="Rows">How many rows it has.</param>
/// <param name="Bytes">How many bytes its file has.</param>
public sealed record SetDescription(
    string Name, string Title, string Package, string Version, DateOnly Date, string Licence, string Source, int Rows, long Bytes);

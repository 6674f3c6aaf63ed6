using System.Diagnostics.CodeAnalysis;
using PiTap.Catalogue.Packed;
using PiTap.Catalogue.Tables;

namespace PiTap.Catalogue.Places;

/// <summary>What countries are called in English. Immutable; a lookup allocates nothing.</summary>
public sealed class CountryNames
{
    private const int Fields = 2;

    private readonly Dictionary<string, string> _names;

    private CountryNames(Dictionary<string, string> names, SetDescription description)
    {
        _names = names;
        Description = description;
    }

    /// <summary>Where the names come from.</summary>
    public SetDescription Description { get; }

    /// <summary>Reads the set; null, with what is wrong in <paramref name="errors"/>, if any line is.</summary>
    public static CountryNames? Parse(TableFile file, out IReadOnlyList<TableError> errors)
    {
        List<TableError> found = [];
        errors = found;
        Dictionary<string, string> names = new(StringComparer.Ordinal);
        TableReader reader = new(found);
        reader.Read(file, Fields, fields =>
        {
            if (fields[0].Length != 2 || !fields[0].All(char.IsAsciiLetterUpper))
                reader.Refuse($"'{fields[0]}' is not two capitals");
            else
                names.Add(fields[0], fields[1]);
        });
        SetDescription? description =
            DescriptionText.Parse(TableReader.ReadHead(file.Text), names.Count, file.Text.Length, out string? error);
        if (description is null)
            found.Add(new TableError(file.Name, 1, error!));
        return found.Count == 0 ? new CountryNames(names, description!) : null;
    }

    /// <summary>For example <c>Singapore</c> for <c>SG</c>; false for a code that nobody has.</summary>
    public bool TryFind(string code, [NotNullWhen(true)] out string? name) => _names.TryGetValue(code, out name);
}

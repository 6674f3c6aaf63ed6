using PiTap.Catalogue.Parties;

namespace PiTap.Catalogue.Import;

/// <summary>What a list says that a domain is there for.</summary>
/// <param name="Category">The category; <c>None</c> where PiTap has no word for it.</param>
/// <param name="Rank">Of two categories, the one with the lower rank says more.</param>
internal readonly record struct ListCategory(PartyCategory Category, int Rank)
{
    /// <summary>Nothing is said.</summary>
    public static ListCategory Unsaid => new(PartyCategory.None, int.MaxValue);

    /// <summary>The one of two that says more.</summary>
    public static ListCategory Best(ListCategory one, ListCategory other) => other.Rank < one.Rank ? other : one;
}

/// <summary>A list's words for categories, the one that says most at the head. For a word that is not here, nothing is said.</summary>
internal sealed class ListCategories(params (string Word, PartyCategory Category)[] words)
{
    private readonly Dictionary<string, ListCategory> _byWord = words
        .Select(static (entry, rank) => (entry.Word, Category: new ListCategory(entry.Category, rank)))
        .ToDictionary(static entry => entry.Word, static entry => entry.Category, StringComparer.Ordinal);

    /// <summary>What a word stands for.</summary>
    public ListCategory Of(string? word) => word is null ? ListCategory.Unsaid : _byWord.GetValueOrDefault(word, ListCategory.Unsaid);

    /// <summary>What the best of some words stands for.</summary>
    public ListCategory Of(IEnumerable<string> all) =>
        all.Select(Of).Aggregate(ListCategory.Unsaid, ListCategory.Best);
}

using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace PiTap.Store.Columns;

/// <summary>Each different string of a block once. Columns hold its number; 0 is null.</summary>
internal sealed class StringTable
{
    private const int RecentSlots = 4_096;

    private readonly Dictionary<string, int> _numbers = [];
    private readonly List<string> _texts = [];

    // Most strings are the very objects that came before, out of the analysis's tables: those are found without hashing their text.
    private readonly (string? Text, int Number)[] _recent = new (string?, int)[RecentSlots];

    public void Clear()
    {
        _numbers.Clear();
        _texts.Clear();
        Array.Clear(_recent);
    }

    public int NumberOf(string? text)
    {
        if (text is null)
            return 0;
        ref (string? Text, int Number) recent = ref _recent[RuntimeHelpers.GetHashCode(text) % RecentSlots];
        if (ReferenceEquals(recent.Text, text))
            return recent.Number;
        ref int number = ref CollectionsMarshal.GetValueRefOrAddDefault(_numbers, text, out bool isKnown);
        if (!isKnown)
        {
            _texts.Add(text);
            number = _texts.Count;
        }
        recent = (text, number);
        return number;
    }

    /// <summary>Different strings.</summary>
    public int Count => _texts.Count;

    public void WriteTo(ColumnWriter writer)
    {
        writer.UInt((ulong)_texts.Count);
        foreach (string text in _texts)
            writer.Text(text);
    }

    /// <summary>The strings by number; the first is null.</summary>
    public static string?[] Read(ref ColumnReader reader)
    {
        int count = reader.Count(TableSource.MaxStrings, bytesEach: 1);
        string?[] texts = new string?[count + 1];
        for (int i = 1; i <= count; i++)
            texts[i] = reader.Text();
        return texts;
    }
}

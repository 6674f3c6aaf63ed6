namespace PiTap.Store;

/// <summary>Each different string of a block once. Columns hold its number; 0 is null.</summary>
internal sealed class StringTable
{
    private readonly Dictionary<string, int> _numbers = new(StringComparer.Ordinal);
    private readonly List<string> _texts = [];

    public void Clear()
    {
        _numbers.Clear();
        _texts.Clear();
    }

    public int NumberOf(string? text)
    {
        if (text is null)
            return 0;
        ref int number = ref System.Runtime.InteropServices.CollectionsMarshal.GetValueRefOrAddDefault(_numbers, text, out bool isKnown);
        if (!isKnown)
        {
            _texts.Add(text);
            number = _texts.Count;
        }
        return number;
    }

    public void WriteTo(ColumnWriter writer)
    {
        writer.UInt((ulong)_texts.Count);
        foreach (string text in _texts)
            writer.Text(text);
    }

    /// <summary>The strings by number; the first is null.</summary>
    public static string?[] Read(ref ColumnReader reader)
    {
        int count = reader.Count();
        string?[] texts = new string?[count + 1];
        for (int i = 1; i <= count; i++)
            texts[i] = reader.Text();
        return texts;
    }
}

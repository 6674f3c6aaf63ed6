namespace PiTap.Fuzz;

/// <summary>One parser under attack.</summary>
internal interface IFuzzTarget
{
    /// <summary>Reads all that the bytes hold. Throws where the parser does, and where a property does not hold.</summary>
    static abstract void Fuzz(ReadOnlySpan<byte> data);

    /// <summary>Well-formed inputs to begin with, made by the project's own builders: captured traffic holds strangers' data.</summary>
    static abstract IEnumerable<byte[]> Seeds();
}

/// <summary>A property of a parser did not hold.</summary>
internal sealed class PropertyBrokenException(string property) : Exception(property);

/// <summary>Properties that hold whatever the bytes are.</summary>
internal static class Property
{
    public static void Holds(bool condition, string property)
    {
        if (!condition)
            throw new PropertyBrokenException(property);
    }

    /// <summary>A part is empty or lies wholly inside the input.</summary>
    public static void IsInside(ReadOnlySpan<byte> part, ReadOnlySpan<byte> input) =>
        Holds(part.IsEmpty || (input.Overlaps(part, out int offset) && offset >= 0 && offset + part.Length <= input.Length),
            "a part lies outside the input");
}

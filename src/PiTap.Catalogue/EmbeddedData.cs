using System.Buffers;
using System.Reflection;

namespace PiTap.Catalogue;

/// <summary>
/// The sets, which are part of the program's file: the operating system maps it, and a page of a set is read from the card when a lookup
/// first touches it.
/// </summary>
internal static class EmbeddedData
{
    private static readonly Assembly s_assembly = typeof(EmbeddedData).Assembly;

    /// <summary>All files, for example <c>sets/hosted.set</c>, in order.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. s_assembly.GetManifestResourceNames().Order(StringComparer.Ordinal)];

    /// <summary>A file's bytes, where they are mapped.</summary>
    public static ReadOnlyMemory<byte> Read(string name)
    {
        Stream stream = s_assembly.GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"this build of PiTap lacks its data '{name}'");
        if (stream is UnmanagedMemoryStream mapped)
            return new MappedBytes(mapped).Memory;
        byte[] copy = new byte[stream.Length];
        stream.ReadExactly(copy);
        return copy;
    }

    /// <summary>Bytes that stay where they are for as long as the program runs.</summary>
    private sealed unsafe class MappedBytes(UnmanagedMemoryStream stream) : MemoryManager<byte>
    {
        private readonly byte* _first = stream.PositionPointer;
        private readonly int _length = checked((int)stream.Length);

        public override Span<byte> GetSpan() => new(_first, _length);

        public override MemoryHandle Pin(int elementIndex = 0) => new(_first + elementIndex);

        public override void Unpin()
        {
            // Nothing moves these bytes.
        }

        protected override void Dispose(bool disposing)
        {
            // They belong to the program's file.
        }
    }
}

using System.Globalization;
using PiTap.Wire.Application;

namespace PiTap.Analysis.Inspection;

/// <summary>Says in a sentence why bytes are taken for readable.</summary>
internal static class TextReasons
{
    public static string Describe(ReadOnlySpan<byte> bytes) => string.Create(CultureInfo.InvariantCulture,
        $"readable text: {TextProbe.ReadableBytes(bytes)} of {Math.Min(bytes.Length, TextProbe.MaxBytes)} bytes are runs of printable characters");
}

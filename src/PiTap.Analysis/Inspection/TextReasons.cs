using System.Globalization;
using PiTap.Wire.Application;

namespace PiTap.Analysis.Inspection;

/// <summary>Says in a sentence why bytes are taken for readable text.</summary>
internal static class TextReasons
{
    public static string Describe(ReadOnlySpan<byte> bytes) =>
        string.Create(CultureInfo.InvariantCulture, $"plain text: {TextProbe.PrintableShare(bytes) * 100:F0} % of {bytes.Length} bytes are printable");
}

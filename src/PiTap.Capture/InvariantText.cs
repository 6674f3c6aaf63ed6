using System.Globalization;

namespace PiTap.Capture;

/// <summary>Sentences whose numbers look the same everywhere.</summary>
internal static class InvariantText
{
    public static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}

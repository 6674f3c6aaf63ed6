using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using PiTap.Model;

namespace PiTap.Export;

/// <summary>
/// Strings and times as JSON. Printable ASCII stays as people read it (the usual encoder turns <c>&amp;</c> and <c>+</c> of a URL into
/// escapes for the sake of HTML); every other character is escaped, so that no byte of a hostile name reaches a terminal.
/// </summary>
public static class JsonText
{
    /// <summary>Options for a writer that these methods are called on.</summary>
    public static JsonWriterOptions WriterOptions { get; } = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes a property with a string or null.</summary>
    public static void WriteText(this Utf8JsonWriter json, string name, string? value)
    {
        if (value is null)
            json.WriteNull(name);
        else if (Ascii.IsValid(value))
            json.WriteString(name, value);
        else
            json.WriteString(name, Encode(value));
    }

    /// <summary>Writes a string into an array.</summary>
    public static void WriteTextValue(this Utf8JsonWriter json, string value)
    {
        if (Ascii.IsValid(value))
            json.WriteStringValue(value);
        else
            json.WriteStringValue(Encode(value));
    }

    /// <summary>Writes a property with a list of strings.</summary>
    public static void WriteTexts(this Utf8JsonWriter json, string name, IReadOnlyList<string> values)
    {
        json.WriteStartArray(name);
        for (int i = 0; i < values.Count; i++)
            json.WriteTextValue(values[i]);
        json.WriteEndArray();
    }

    /// <summary>Writes a property with a time of nine decimals.</summary>
    public static void WriteTime(this Utf8JsonWriter json, string name, long timeNs) => json.WriteString(name, PacketTime.Format(timeNs));

    private static JsonEncodedText Encode(string value) => JsonEncodedText.Encode(value, JavaScriptEncoder.Default);
}

using System.Buffers;
using System.Text.Json;
using PiTap.Export;
using PiTap.Model;

namespace PiTap.Host.Output;

/// <summary>Runs, sources, losses and the store itself as JSON, for the commands that print one object.</summary>
internal static class RunJson
{
    /// <summary>Prints one object on a line.</summary>
    public static void Print(Surface surface, Action<Utf8JsonWriter> writeProperties)
    {
        ArrayBufferWriter<byte> buffer = new();
        using (Utf8JsonWriter json = new(buffer, JsonText.WriterOptions))
        {
            json.WriteStartObject();
            writeProperties(json);
            json.WriteEndObject();
        }
        buffer.Write("\n"u8);
        surface.Out.Flush();
        surface.Stream.Write(buffer.WrittenSpan);
    }

    public static void WriteStore(Utf8JsonWriter json, StoreInfo info)
    {
        json.WriteStartObject("store");
        json.WriteText("path", info.Path);
        json.WriteNumber("schemaVersion", info.SchemaVersion);
        json.WriteNumber("sizeBytes", info.SizeBytes);
        json.WriteNumber("flows", info.Flows);
        json.WriteNumber("names", info.Lookups);
        json.WriteNumber("contacts", info.Contacts);
        json.WriteNumber("devices", info.Devices);
        json.WriteEndObject();
    }

    public static void WriteRun(Utf8JsonWriter json, RunRecord run)
    {
        json.WriteNumber("run", run.Run);
        json.WriteText("mode", run.Mode);
        json.WriteTime("started", run.StartedNs);
        json.WriteTime("updated", run.UpdatedNs);
        json.WriteBoolean("complete", run.IsComplete);
        json.WriteText("version", run.Version);
        WriteCounters(json, run);
    }

    /// <summary>The properties <c>sources</c> and <c>losses</c>.</summary>
    public static void WriteCounters(Utf8JsonWriter json, RunRecord run)
    {
        json.WriteStartArray("sources");
        foreach (SourceCounters source in run.Sources)
            WriteSource(json, source);
        json.WriteEndArray();
        json.WriteStartObject("losses");
        foreach (LossCounter loss in run.Losses)
            json.WriteNumber(loss.Name, loss.Count);
        json.WriteEndObject();
    }

    /// <summary>The property <c>rejects</c>.</summary>
    public static void WriteRejects(Utf8JsonWriter json, RunRecord run)
    {
        json.WriteStartArray("rejects");
        foreach (RejectRecord reject in run.Rejects)
        {
            json.WriteStartObject();
            RecordFields.Visit(new Fields(json), reject);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    private static void WriteSource(Utf8JsonWriter json, SourceCounters source)
    {
        json.WriteStartObject();
        RecordFields.Visit(new Fields(json), source);
        json.WriteEndObject();
    }

    private readonly struct Fields(Utf8JsonWriter json) : IFields
    {
        public string Text(string name, string value)
        {
            json.WriteText(name, value);
            return value;
        }

        public string? TextOrNull(string name, string? value)
        {
            json.WriteText(name, value);
            return value;
        }

        public long Number(string name, long value)
        {
            json.WriteNumber(name, value);
            return value;
        }

        public long Time(string name, long value)
        {
            json.WriteTime(name, value);
            return value;
        }
    }
}

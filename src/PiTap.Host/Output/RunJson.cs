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
            json.WriteText("layer", reject.Layer);
            json.WriteText("status", reject.Status);
            json.WriteText("claim", reject.Claim);
            json.WriteNumber("offset", reject.Offset);
            json.WriteNumber("required", reject.Required);
            json.WriteNumber("available", reject.Available);
            json.WriteText("bound", reject.Bound);
            json.WriteText("source", reject.Source);
            json.WriteNumber("packet", reject.Packet);
            json.WriteTime("time", reject.TimeNs);
            json.WriteNumber("packets", reject.Packets);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    private static void WriteSource(Utf8JsonWriter json, SourceCounters source)
    {
        json.WriteStartObject();
        json.WriteText("source", source.Source);
        json.WriteNumber("received", source.Received);
        json.WriteNumber("kept", source.Kept);
        json.WriteNumber("reduced", source.Reduced);
        json.WriteNumber("filtered", source.Filtered);
        json.WriteNumber("droppedByKernel", source.DroppedByKernel);
        json.WriteNumber("droppedByInterface", source.DroppedByInterface);
        json.WriteNumber("droppedByRing", source.DroppedByRing);
        json.WriteNumber("bytesKept", source.BytesKept);
        json.WriteNumber("bytesReduced", source.BytesReduced);
        json.WriteNumber("bytesFiltered", source.BytesFiltered);
        json.WriteNumber("interruptions", source.Interruptions);
        if (source.FileBytes > 0)
            json.WriteNumber("fileBytes", source.FileBytes);
        else
            json.WriteNull("fileBytes");
        json.WriteText("fileSha256", source.FileSha256.Length > 0 ? source.FileSha256 : null);
        json.WriteEndObject();
    }
}

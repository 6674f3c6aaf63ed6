using System.Net.Sockets;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using PiTap.Model;

namespace PiTap.Host.Remote;

/// <summary>Writes what a question about the store asks for.</summary>
internal static class QueryAnswer
{
    /// <summary>
    /// Records, one a line, and the last line. An <see cref="IOException"/> if that takes too long or the client is gone.
    /// </summary>
    public static void Write(Func<Action, IStoreReader> openReader, StoreRequest request, Stream stream, DaemonLimits limits)
    {
        using AnswerStream output = new(stream, limits);
        long count = 0;
        try
        {
            using IStoreReader reader = openReader(output.KeepAlive);
            StoreQuery query = request.Query ?? StoreQuery.All;
            RecordJson json = RecordJson.Default;
            string? error = null;
            switch (request.Verb)
            {
                case DaemonVerbs.Flows: Send(output, reader.Flows(query), json.FlowRecord, ref count); break;
                case DaemonVerbs.Lookups: Send(output, reader.Lookups(query), json.NameLookup, ref count); break;
                case DaemonVerbs.Contacts: Send(output, reader.Contacts(query), json.ContactRecord, ref count); break;
                case DaemonVerbs.Devices: Send(output, reader.Devices(query), json.DeviceRecord, ref count); break;
                case DaemonVerbs.Minutes: Send(output, reader.Minutes(query), json.MinuteRecord, ref count); break;
                case DaemonVerbs.Runs: Send(output, reader.Runs(), json.RunRecord, ref count); break;
                case DaemonVerbs.Info: Send(output, [reader.Info()], json.StoreInfo, ref count); break;
                default: error = $"it does not know '{request.Verb}'"; break;
            }
            output.Write(LastLine(new StoreReply(count, error, reader.DamagedBlocks)));
        }
        catch (Exception failure) when (failure is not (IOException or SocketException or ObjectDisposedException))
        {
            // Whatever a query meets in the store must not end the capture: the client gets the sentence.
            output.Write(LastLine(new StoreReply(count, failure.Message)));
        }
        output.Flush();
    }

    public static byte[] LastLine(StoreReply reply) =>
        [DaemonVerbs.EndMark, .. JsonSerializer.SerializeToUtf8Bytes(reply, RecordJson.Default.StoreReply), (byte)'\n'];

    private static void Send<T>(Stream output, IEnumerable<T> records, JsonTypeInfo<T> type, ref long count)
    {
        foreach (T record in records)
        {
            JsonSerializer.Serialize(output, record, type);
            output.WriteByte((byte)'\n');
            count++;
        }
    }
}

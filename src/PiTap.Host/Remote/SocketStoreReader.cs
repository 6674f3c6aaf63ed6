using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using PiTap.Model;

namespace PiTap.Host.Remote;

/// <summary>Reads a store through the daemon that holds it. Each question is a connection of its own.</summary>
internal sealed class SocketStoreReader(string databasePath) : IStoreReader
{
    private const int TimeoutMs = 30_000;
    private const string BrokenOff = "The daemon broke off its answer.";

    private readonly string _path = databasePath + StoreVerbs.SocketSuffix;

    public IEnumerable<FlowRecord> Flows(StoreQuery query) => Ask(StoreVerbs.Flows, query, RecordJson.Default.FlowRecord);

    public IEnumerable<NameLookup> Lookups(StoreQuery query) => Ask(StoreVerbs.Lookups, query, RecordJson.Default.NameLookup);

    public IEnumerable<ContactRecord> Contacts(StoreQuery query) => Ask(StoreVerbs.Contacts, query, RecordJson.Default.ContactRecord);

    public IEnumerable<DeviceRecord> Devices(StoreQuery query) => Ask(StoreVerbs.Devices, query, RecordJson.Default.DeviceRecord);

    public IEnumerable<MinuteRecord> Minutes(StoreQuery query) => Ask(StoreVerbs.Minutes, query, RecordJson.Default.MinuteRecord);

    public IEnumerable<RunRecord> Runs() => Ask(StoreVerbs.Runs, StoreQuery.All, RecordJson.Default.RunRecord);

    public int DamagedBlocks { get; private set; }

    public StoreInfo Info() => Ask(StoreVerbs.Info, StoreQuery.All, RecordJson.Default.StoreInfo).FirstOrDefault()
        ?? throw new IOException("The daemon says nothing of its store.");

    /// <summary>True where a daemon answers.</summary>
    public bool CanConnect()
    {
        if (!File.Exists(_path))
            return false;
        try
        {
            using Socket socket = Connect();
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }

    public void Dispose()
    {
    }

    private Socket Connect()
    {
        Socket socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            using SocketPath address = new(_path);
            socket.Connect(address.EndPoint);
            return socket;
        }
        catch (SocketException failure)
        {
            socket.Dispose();
            throw new IOException(failure.SocketErrorCode == SocketError.AccessDenied
                ? $"The daemon's socket {_path} belongs to another user: ask as that user, or as root."
                : $"No daemon answers at {_path}: {failure.Message}.", failure);
        }
    }

    private IEnumerable<T> Ask<T>(string verb, StoreQuery query, JsonTypeInfo<T> type)
    {
        using Socket socket = Connect();
        socket.SendTimeout = socket.ReceiveTimeout = TimeoutMs;
        using NetworkStream stream = new(socket, ownsSocket: false);
        using StreamReader lines = new(stream, Encoding.UTF8);
        Send(stream, new StoreRequest(verb, query));
        long count = 0;
        while (true)
        {
            string line = ReadLine(lines);
            if (line.Length > 0 && line[0] == StoreVerbs.EndMark)
            {
                CheckEnd(line, count);
                yield break;
            }
            yield return Parse(line, type);
            count++;
        }
    }

    private static void Send(NetworkStream stream, StoreRequest request)
    {
        byte[] line = [.. JsonSerializer.SerializeToUtf8Bytes(request, RecordJson.Default.StoreRequest), (byte)'\n'];
        try
        {
            stream.Write(line);
        }
        catch (IOException failure)
        {
            throw new IOException(BrokenOff, failure);
        }
    }

    private static string ReadLine(StreamReader lines)
    {
        try
        {
            return lines.ReadLine() ?? throw new EndOfStreamException();
        }
        catch (IOException failure)
        {
            throw new IOException(BrokenOff, failure);
        }
    }

    private void CheckEnd(string line, long count)
    {
        StoreReply reply = Parse(line[1..], RecordJson.Default.StoreReply);
        if (reply.Error is not null)
            throw new IOException("The daemon refuses: " + reply.Error);
        if (reply.Count != count)
            throw new IOException("The daemon's answer is incomplete.");
        DamagedBlocks += reply.DamagedBlocks;
    }

    private static T Parse<T>(string line, JsonTypeInfo<T> type)
    {
        try
        {
            return JsonSerializer.Deserialize(line, type) ?? throw new IOException("The daemon's answer is empty.");
        }
        catch (JsonException failure)
        {
            throw new IOException("The daemon's answer is unreadable: is it another version of PiTap?", failure);
        }
    }
}

using System.Text.Json.Serialization.Metadata;
using PiTap.Model;

namespace PiTap.Host.Remote;

/// <summary>Reads a store through the daemon that holds it. Each question is a connection of its own.</summary>
internal sealed class SocketStoreReader(string databasePath) : IStoreReader
{
    private static readonly TimeSpan s_timeout = TimeSpan.FromSeconds(30);

    /// <summary>A daemon that has too many readers is asked again for so long, each time after so long.</summary>
    private static readonly TimeSpan s_askAgainFor = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan s_askAgainAfter = TimeSpan.FromMilliseconds(100);

    /// <summary>By kind of question: who asks again meets the same damage.</summary>
    private readonly Dictionary<string, int> _damaged = [];

    public IEnumerable<FlowRecord> Flows(StoreQuery query) => Ask(DaemonVerbs.Flows, query, RecordJson.Default.FlowRecord);

    public IEnumerable<NameLookup> Lookups(StoreQuery query) => Ask(DaemonVerbs.Lookups, query, RecordJson.Default.NameLookup);

    public IEnumerable<ContactRecord> Contacts(StoreQuery query) => Ask(DaemonVerbs.Contacts, query, RecordJson.Default.ContactRecord);

    public IEnumerable<DeviceRecord> Devices(StoreQuery query) => Ask(DaemonVerbs.Devices, query, RecordJson.Default.DeviceRecord);

    public IEnumerable<MinuteRecord> Minutes(StoreQuery query) => Ask(DaemonVerbs.Minutes, query, RecordJson.Default.MinuteRecord);

    public IEnumerable<RunRecord> Runs() => Ask(DaemonVerbs.Runs, StoreQuery.All, RecordJson.Default.RunRecord);

    public int DamagedBlocks => _damaged.Values.Sum();

    public StoreInfo Info() => Ask(DaemonVerbs.Info, StoreQuery.All, RecordJson.Default.StoreInfo).FirstOrDefault()
        ?? throw new IOException("The daemon says nothing of its store.");

    /// <summary>True if a daemon answers.</summary>
    public bool CanConnect() => DaemonConnection.CanOpen(databasePath);

    public void Dispose()
    {
    }

    private IEnumerable<T> Ask<T>(string verb, StoreQuery query, JsonTypeInfo<T> type)
    {
        using DaemonConnection connection = Open(new StoreRequest(verb, query), out string line);
        long count = 0;
        StoreReply? reply;
        while (connection.TryParse(line, type, out T? record, out reply))
        {
            yield return record!;
            count++;
            line = connection.ReadLine();
        }
        if (reply!.Error is not null)
            throw new IOException("The daemon refuses: " + reply.Error);
        if (reply.Count != count)
            throw new IOException("The daemon's answer is incomplete.");
        _damaged[verb] = reply.DamagedBlocks;
    }

    private DaemonConnection Open(StoreRequest request, out string firstLine)
    {
        using ManualResetEventSlim never = new();
        for (TimeSpan waited = TimeSpan.Zero; ; waited += s_askAgainAfter)
        {
            DaemonConnection connection = DaemonConnection.Open(databasePath, s_timeout);
            try
            {
                connection.Send(request);
                firstLine = connection.ReadLine();
                bool isRefused = firstLine.StartsWith((char)DaemonVerbs.EndMark)
                    && !connection.TryParse(firstLine, RecordJson.Default.StoreReply, out _, out StoreReply? reply) && reply!.IsBusy;
                if (!isRefused || waited >= s_askAgainFor)
                    return connection;
            }
            catch
            {
                connection.Dispose();
                throw;
            }
            connection.Dispose();
            never.Wait(s_askAgainAfter);
        }
    }
}

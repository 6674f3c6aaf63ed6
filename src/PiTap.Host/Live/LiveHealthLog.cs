using System.Collections.Immutable;
using PiTap.Model;

namespace PiTap.Host.Live;

/// <summary>What the store says of itself.</summary>
/// <param name="IsWaiting">True while the disk refuses.</param>
/// <param name="RecordsLost">Records that it had no room for.</param>
internal readonly record struct StoreCondition(bool IsWaiting, long RecordsLost);

/// <summary>Gathers what tells whether everything works. Notices come from any thread, the rest from the analysis thread.</summary>
internal sealed class LiveHealthLog(TimeProvider clock, Func<StoreCondition> store)
{
    private ImmutableList<LiveNotice> _notices = [];
    private ImmutableList<string> _failures = [];
    private long? _lastPacket;

    /// <summary>Packets were there just now.</summary>
    public void NotePackets() => _lastPacket = clock.GetTimestamp();

    /// <summary>An interface ended for good.</summary>
    public void Fail(string sentence)
    {
        _failures = _failures.Add(sentence);
        Say(sentence);
    }

    /// <summary>Keeps a sentence; the oldest of too many goes.</summary>
    public void Say(string sentence)
    {
        LiveNotice notice = new(PacketTime.FromDateTimeOffset(clock.GetUtcNow()), sentence);
        ImmutableInterlocked.Update(
            ref _notices,
            static (notices, added) => (notices.Count < LiveHealth.MaxNotices ? notices : notices.RemoveAt(0)).Add(added),
            notice);
    }

    public LiveHealth ToRecord()
    {
        StoreCondition condition = store();
        return new LiveHealth
        {
            SinceLastPacketNs = _lastPacket is long last ? (long)clock.GetElapsedTime(last).TotalNanoseconds : null,
            IsStoreWaiting = condition.IsWaiting,
            StoreRecordsLost = condition.RecordsLost,
            Failures = _failures,
            Notices = Volatile.Read(ref _notices),
        };
    }
}

#pragma warning disable CA1822
using PiTap.Model;

namespace PiTap.Store;

// The shape of the store room, so that the host builds without it. To be deleted with its first version.
internal sealed class StoreException(string message) : Exception(message);

internal sealed class StoreOptions
{
    public required string Path { get; init; }
    public int? RetainDays { get; init; } = 90;
    public long? MaxSizeBytes { get; init; } = 2L << 30;
    public Action<string>? Notice { get; init; }
    public const long MinMaxSizeBytes = 1 << 20;
}

internal sealed class RecordStore : IRecordSink, IDisposable
{
    public static RecordStore Open(StoreOptions options, TimeProvider clock) => throw new StoreException("there is no store yet");
    public int BeginRun(string mode, string version) => 1;
    public void Write(RecordBatch batch) { }
    public void Flush() { }
    public void CompleteRun() { }
    public IStoreReader CreateReader() => throw new StoreException("there is no store yet");
    public void Dispose() { }
}

internal static class StoreFile
{
    public static IStoreReader OpenForReading(string path) => throw new StoreException("there is no store yet");
}

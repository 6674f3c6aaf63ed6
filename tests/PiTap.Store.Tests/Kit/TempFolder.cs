using System.Diagnostics;

namespace PiTap.Store.Tests.Kit;

/// <summary>A folder of one test's own; a small disk of its own where the test runs as root.</summary>
internal sealed class TempFolder : IDisposable
{
    private bool _isMounted;
    private string? _pinned;

    public string Path { get; } = Directory.CreateTempSubdirectory("pitap-store-").FullName;

    public string Store => System.IO.Path.Combine(Path, "store.db");

    public RecordStore Open(TimeProvider? clock = null, int? retainDays = null, long? maxSizeBytes = null, Action<string>? notice = null) =>
        RecordStore.Open(new StoreOptions { Path = Store, RetainDays = retainDays, MaxSizeBytes = maxSizeBytes, Notice = notice },
            clock ?? TimeProvider.System);

    /// <summary>Puts a memory disk of that size in the folder's place; false if that is not allowed.</summary>
    public bool TryMount(string options)
    {
        if (!OperatingSystem.IsLinux() || !Environment.IsPrivilegedProcess)
            return false;
        _isMounted = Run("mount", "-t", "tmpfs", "-o", options, "tmpfs", Path);
        return _isMounted;
    }

    public bool Remount(string options) => Run("mount", "-o", "remount," + options, Path);

    /// <summary>Mounts a file on itself, so that nothing takes its place; false if that is not allowed.</summary>
    public bool TryPin(string file)
    {
        if (OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess && Run("mount", "--bind", file, file))
            _pinned = file;
        return _pinned is not null;
    }

    public void Unpin()
    {
        if (_pinned is not null)
            Run("umount", "-l", _pinned);
        _pinned = null;
    }

    public void Dispose()
    {
        Unpin();
        if (_isMounted)
            Run("umount", "-l", Path);
        Directory.Delete(Path, recursive: true);
    }

    private static bool Run(string program, params string[] arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        process.WaitForExit();
        return process.ExitCode == 0;
    }
}

/// <summary>A clock that stands still until it is set.</summary>
internal sealed class ManualClock(DateTimeOffset now) : TimeProvider
{
    private long _stamp;

    public DateTimeOffset Now { get; private set; } = now;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow() => Now;

    public override long GetTimestamp() => Interlocked.Read(ref _stamp);

    /// <summary>Time passes.</summary>
    public void Advance(TimeSpan time)
    {
        Now += time;
        Interlocked.Add(ref _stamp, time.Ticks);
    }

    /// <summary>Somebody sets the clock.</summary>
    public void Set(DateTimeOffset now) => Now = now;
}

using PiTap.Model;

namespace PiTap.Capture.Live;

/// <summary>
/// Packets from a network interface. A thread of its own takes them from libpcap and copies them into a ring, from which
/// <see cref="Read"/> takes them; where the ring is full they are dropped and counted. An interface that goes away is waited for and
/// taken up again.
/// </summary>
public sealed class LivePacketSource : IPacketSource, IRingReader
{
    private readonly CaptureLoop _loop;
    private readonly RingSignal _signal;
    private readonly bool _ownsSignal;

    private LivePacketSource(LiveCaptureOptions options, CaptureLoop loop, RingSignal signal, bool ownsSignal)
    {
        Options = options;
        _loop = loop;
        _signal = signal;
        _ownsSignal = ownsSignal;
    }

    /// <summary>What it was opened with.</summary>
    public LiveCaptureOptions Options { get; }

    /// <inheritdoc/>
    public string Name => Options.Interface;

    /// <inheritdoc/>
    public string? Failure => _loop.Failure;

    /// <summary>The whole expression that the kernel filters by now; empty for none.</summary>
    public string KernelFilter => _loop.KernelFilter;

    internal PacketRing Ring => _loop.Ring;

    bool IRingReader.HasStopped => _loop.HasStopped;

    /// <summary>Opens an interface and begins to capture.</summary>
    /// <exception cref="CaptureException">An option cannot be, the interface is not there, or capturing is not permitted: the message says
    /// what to do.</exception>
    public static LivePacketSource Open(LiveCaptureOptions options)
    {
        var signal = new RingSignal();
        try
        {
            return Open(options, 0, signal, ownsSignal: true);
        }
        catch (CaptureException)
        {
            signal.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Ends capturing: what the kernel has is still taken over, then <see cref="Read"/> comes to the end. From any thread.
    /// </summary>
    public void Stop() => _loop.RequestStop();

    /// <inheritdoc/>
    public ReadStatus Read(out CapturedPacket packet)
    {
        if (_loop.Ring.TryRead(out packet))
            return ReadStatus.Packet;
        ReadStatus status = _signal.WaitFor(this, out packet);
        return status == ReadStatus.End && _loop.Failure is not null ? ReadStatus.Failed : status;
    }

    bool IRingReader.TryTake(out CapturedPacket packet) => _loop.Ring.TryRead(out packet);

    /// <inheritdoc/>
    public SourceCounters Counters() => _loop.Counters();

    /// <inheritdoc/>
    public void Dispose()
    {
        _loop.Dispose();
        if (_ownsSignal)
            _signal.Dispose();
    }

    internal static LivePacketSource Open(LiveCaptureOptions options, int number, RingSignal signal, bool ownsSignal)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (!Environment.Is64BitProcess || !OperatingSystem.IsLinux())
            throw new CaptureException("PiTap captures from interfaces on 64-bit Linux only; it replays files anywhere.");
        options.Validate();
        return new LivePacketSource(options, CaptureLoop.Start(options, number, signal), signal, ownsSignal);
    }
}

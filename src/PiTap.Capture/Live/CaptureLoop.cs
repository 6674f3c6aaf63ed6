using System.Net;
using System.Net.NetworkInformation;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using PiTap.Model;

namespace PiTap.Capture.Live;

/// <summary>The capturing thread of one interface: from libpcap into the ring, and back to an interface that went away.</summary>
internal sealed unsafe class CaptureLoop : IDisposable
{
    /// <summary>How often an interface that went away is looked for, in milliseconds.</summary>
    private const int ReopenMs = 500;

    /// <summary>How long the end of the thread is waited for, in milliseconds; then it is left to end on its own.</summary>
    private const int JoinMs = 2000;

    /// <summary>What is left in the kernel at the end is taken over in so many rounds at most: traffic may go on.</summary>
    private const int MaxLastRounds = 16;

    private readonly LiveCaptureOptions _options;
    private readonly int _number;
    private readonly RingSignal _signal;
    private readonly LossTally _losses = new();
    private readonly ManualResetEventSlim _stop = new(false);
    private readonly Lock _gate = new();
    private readonly Thread _thread;
    private readonly NetworkAddressChangedEventHandler _onAddressChanged;
    private LiveDevice? _device;
    private LinkType _link;
    private int _nanosecondsPerFraction;
    private long _interruptions;
    private LinkWatch? _watch;
    private bool _isDown;
    private bool _hasBeenOpen;
    private bool _isFilterStale;
    private bool _hasStopped;
    private bool _isDisposed;

    private CaptureLoop(LiveCaptureOptions options, int number, RingSignal signal)
    {
        _options = options;
        _number = number;
        _signal = signal;
        Ring = new PacketRing(options.RingBytes);
        _thread = new Thread(Run) { IsBackground = true, Name = "pitap " + options.Interface };
        _onAddressChanged = (_, _) => Volatile.Write(ref _isFilterStale, true);
    }

    /// <summary>Where the packets go.</summary>
    public PacketRing Ring { get; }

    /// <summary>True once nothing more will be written.</summary>
    public bool HasStopped => Volatile.Read(ref _hasStopped);

    /// <summary>Why it stopped by itself; null while it did not.</summary>
    public string? Failure { get; private set; }

    /// <summary>The expression that the kernel has.</summary>
    public string KernelFilter { get; private set; } = "";

    /// <summary>Opens the interface on the caller's thread, so that what is wrong is known at once, and starts the capturing one.</summary>
    public static CaptureLoop Start(LiveCaptureOptions options, int number, RingSignal signal)
    {
        var loop = new CaptureLoop(options, number, signal);
        OpenProblem problem = loop.TryOpen(out string sentence);
        if (problem == OpenProblem.Permanent || (problem == OpenProblem.Absent && !options.WaitsForInterface))
        {
            loop._stop.Dispose();
            throw new CaptureException(sentence);
        }
        if (problem == OpenProblem.Absent)
            loop.Tell($"{sentence} PiTap waits for it.");
        if (options.OwnAddresses is null && options.ManagementPorts.Count > 0)
            NetworkChange.NetworkAddressChanged += loop._onAddressChanged;
        loop._watch = LinkWatch.Start(options.Interface, loop.NoteLink);
        loop._thread.Start();
        return loop;
    }

    /// <summary>Asks the thread to end; it takes over what the kernel has first.</summary>
    public void RequestStop()
    {
        lock (_gate)
        {
            if (_isDisposed)
                return;
            _stop.Set();
            _device?.BreakLoop();
        }
    }

    /// <summary>What was received and lost since the start, over all times that the interface was open.</summary>
    public SourceCounters Counters()
    {
        lock (_gate)
        {
            if (_device is not null && _device.TryGetStatistics(out Libpcap.Statistics statistics))
                _losses.Update(statistics);
            // libpcap's own count of packets received holds those too that still wait in the kernel's buffer, and is 32 bits wide.
            return new SourceCounters
            {
                Source = _options.Interface,
                Received = Ring.Written + Ring.Dropped + _losses.DroppedByKernel,
                DroppedByKernel = _losses.DroppedByKernel,
                DroppedByInterface = _losses.DroppedByInterface,
                DroppedByRing = Ring.Dropped,
                Interruptions = Volatile.Read(ref _interruptions),
            };
        }
    }

    public void Dispose()
    {
        _watch?.Dispose();
        RequestStop();
        NetworkChange.NetworkAddressChanged -= _onAddressChanged;
        bool hasEnded = _thread.Join(JoinMs);
        lock (_gate)
            _isDisposed = true;
        if (hasEnded)
            _stop.Dispose();
    }

    private void Run()
    {
        var self = GCHandle.Alloc(this);
        try
        {
            // Each round is one time that the interface is there.
            while (WaitForDevice() && Capture(GCHandle.ToIntPtr(self)))
            {
            }
        }
#pragma warning disable CA1031 // An exception that leaves a thread ends the process: it becomes the source's failure instead.
        catch (Exception error)
#pragma warning restore CA1031
        {
            Failure = $"Capturing on {_options.Interface} ended: {error.Message}";
        }
        finally
        {
            Close();
            self.Free();
            Volatile.Write(ref _hasStopped, true);
            _signal.Set(isUrgent: true);
        }
    }

    /// <summary>True with an open device; false if it is to stop.</summary>
    private bool WaitForDevice()
    {
        // Each round opens, waits or ends.
        while (_device is null)
        {
            if (_stop.Wait(ReopenMs))
                return false;
            // Looking for the name alone is cheap; opening is not.
            if (_options.Interface != LiveCaptureOptions.AnyInterface && !Exists(_options.Interface))
                continue;
            OpenProblem problem = TryOpen(out string sentence);
            if (problem == OpenProblem.Permanent)
            {
                Failure = sentence;
                return false;
            }
            if (problem != OpenProblem.None)
                continue;
            NoteReturn();
            Tell($"{_options.Interface} is there: capturing on it.");
        }
        return true;
    }

    private void NoteReturn()
    {
        lock (_gate)
        {
            // One that was set down before it went away was counted then.
            if (_hasBeenOpen && !_isDown)
                Interlocked.Increment(ref _interruptions);
            _isDown = false;
        }
    }

    /// <summary>An interface that is set down is still there, and so is its handle: capturing goes on by itself when it is up.</summary>
    private void NoteLink(bool isUp)
    {
        lock (_gate)
        {
            if (_device is null || isUp != _isDown)
                return;
            _isDown = !isUp;
            if (_isDown)
                Interlocked.Increment(ref _interruptions);
        }
        Tell(isUp
            ? $"{_options.Interface} is up again: capturing on it."
            : $"{_options.Interface} was set down: nothing comes from it until it is up again, which PiTap waits for.");
    }

    /// <summary>Captures until the interface goes away (true) or it is to stop (false).</summary>
    private bool Capture(nint self)
    {
        LiveDevice device = _device!;
        _hasBeenOpen = true;
        int result = 0;
        // A request to stop is either seen here or finds the device to break its loop.
        while (!_stop.IsSet && (result >= 0 || result == Libpcap.Break))
        {
            result = device.Dispatch(&OnPacket, self);
            _signal.Set(Ring.IsFilling);
            if (Volatile.Read(ref _isFilterStale))
                RefreshFilter(device);
        }
        if (_stop.IsSet)
        {
            TakeRest(device, self);
            return false;
        }
        string message = device.LastError;
        Close();
        Tell($"{_options.Interface} went away ({message}). PiTap waits for it.");
        return true;
    }

    /// <summary>What came in just before the end: the kernel hands over its last block when that block's time is over.</summary>
    private void TakeRest(LiveDevice device, nint self)
    {
        if (!device.TryStopWaiting())
            return;
        using var never = new ManualResetEventSlim(false);
        never.Wait(2 * LiveDevice.BlockTimeoutMs);
        TakeRounds(() =>
        {
            int result = device.Dispatch(&OnPacket, self);
            _signal.Set(Ring.IsFilling);
            return result;
        });
    }

    /// <summary>Takes packets, round by round, until there are none.</summary>
    /// <param name="dispatch">One round: as <see cref="LiveDevice.Dispatch"/>.</param>
    internal static void TakeRounds(Func<int> dispatch)
    {
        for (int round = 0; round < MaxLastRounds; round++)
        {
            int result = dispatch();
            // A request to break may still be pending, and returns once.
            if (result == 0 || (result < 0 && result != Libpcap.Break))
                return;
        }
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void OnPacket(nint user, Libpcap.PacketHeader* header, byte* data)
    {
        CaptureLoop loop = Unsafe.As<CaptureLoop>(GCHandle.FromIntPtr(user).Target!);
        int captured = (int)Math.Min(header->CapturedLength, PacketRing.MaxPacketBytes);
        long timeNs = header->Seconds * PacketTime.NanosecondsPerSecond + header->Fraction * loop._nanosecondsPerFraction;
        int original = (int)Math.Min(header->OriginalLength, int.MaxValue);
        loop.Ring.TryWrite(timeNs, loop._link, loop._number, original, new ReadOnlySpan<byte>(data, captured));
    }

    private OpenProblem TryOpen(out string sentence)
    {
        OpenProblem problem = LiveDevice.TryOpen(_options, out LiveDevice? device, out sentence);
        if (device is null)
            return problem;
        Volatile.Write(ref _isFilterStale, false);
        string expression = CaptureFilter.Combine(_options.Filter, OwnAddresses(), _options.ManagementPorts);
        if (!device.TrySetFilter(expression, out string message))
        {
            device.Dispose();
            sentence = $"The filter \"{expression}\" is not valid on {_options.Interface}: {message}";
            return OpenProblem.Permanent;
        }
        KernelFilter = expression;
        _link = device.Link;
        _nanosecondsPerFraction = device.NanosecondsPerFraction;
        lock (_gate)
        {
            _losses.BeginDevice();
            _device = device;
        }
        return OpenProblem.None;
    }

    private void RefreshFilter(LiveDevice device)
    {
        Volatile.Write(ref _isFilterStale, false);
        string expression = CaptureFilter.Combine(_options.Filter, OwnAddresses(), _options.ManagementPorts);
        if (expression == KernelFilter)
            return;
        if (!device.TrySetFilter(expression, out string message))
        {
            Tell($"The filter on {_options.Interface} stays as it was: {message}");
            return;
        }
        KernelFilter = expression;
        Tell($"The addresses of {_options.Interface} changed. Its filter now: {(expression.Length == 0 ? "none" : expression)}");
    }

    private IReadOnlyList<IPAddress> OwnAddresses() => _options.OwnAddresses ?? CaptureFilter.AddressesOf(_options.Interface);

    private void Close()
    {
        lock (_gate)
        {
            if (_device is null)
                return;
            if (_device.TryGetStatistics(out Libpcap.Statistics statistics))
                _losses.Update(statistics);
            _device.Dispose();
            _device = null;
        }
    }

    private void Tell(string sentence)
    {
        try
        {
            _options.Notice?.Invoke(sentence);
        }
#pragma warning disable CA1031 // A log that fails must not end the capture.
        catch (Exception)
#pragma warning restore CA1031
        {
        }
    }

    private static bool Exists(string name)
    {
        try
        {
            return NetworkInterface.GetAllNetworkInterfaces().Any(candidate => candidate.Name == name);
        }
        catch (NetworkInformationException)
        {
            return false;
        }
    }
}

using PiTap.Model;

namespace PiTap.Capture.Live;

/// <summary>
/// Several interfaces read as one. Of the packets that are there the earliest comes first, so that one that goes through two
/// interfaces comes in its order, but for what one of them still holds back (see the kernel's block time).
/// <see cref="CapturedPacket.Interface"/> is the index into <see cref="Sources"/>.
/// </summary>
public sealed class MultiPacketSource : IPacketSource, IRingReader
{
    /// <summary>The most interfaces at once.</summary>
    public const int MaxSources = 16;

    private readonly LivePacketSource[] _sources;
    private readonly RingSignal _signal;

    private MultiPacketSource(LivePacketSource[] sources, RingSignal signal)
    {
        _sources = sources;
        _signal = signal;
        Name = string.Join("+", sources.Select(source => source.Name));
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <summary>The interfaces, each with its own counters.</summary>
    public IReadOnlyList<LivePacketSource> Sources => _sources;

    /// <summary>What the interfaces that ended by themselves have to say; null while none did.</summary>
    public string? Failure
    {
        get
        {
            string[] failures = [.. _sources.Select(source => source.Failure).OfType<string>()];
            return failures.Length == 0 ? null : string.Join(" ", failures);
        }
    }

    bool IRingReader.HasStopped => Array.TrueForAll(_sources, source => ((IRingReader)source).HasStopped);

    /// <summary>Opens all of them, or none.</summary>
    /// <exception cref="CaptureException">One of them cannot be opened, or they are too many, or one is named twice.</exception>
    public static MultiPacketSource Open(IReadOnlyList<LiveCaptureOptions> options)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (options.Count is 0 or > MaxSources)
            throw new CaptureException($"{options.Count} interfaces cannot be captured on at once: it must be 1 to {MaxSources}.");
        if (options.GroupBy(each => each.Interface, StringComparer.Ordinal).FirstOrDefault(group => group.Count() > 1) is { } twice)
            throw new CaptureException($"The interface {twice.Key} is given twice.");
        var signal = new RingSignal();
        var opened = new List<LivePacketSource>();
        try
        {
            foreach (LiveCaptureOptions each in options)
                opened.Add(LivePacketSource.Open(each, opened.Count, signal, ownsSignal: false));
            return new MultiPacketSource([.. opened], signal);
        }
        catch (CaptureException)
        {
            foreach (LivePacketSource source in opened)
                source.Dispose();
            signal.Dispose();
            throw;
        }
    }

    /// <summary>Ends capturing on all of them; see <see cref="LivePacketSource.Stop"/>.</summary>
    public void Stop()
    {
        foreach (LivePacketSource source in _sources)
            source.Stop();
    }

    /// <inheritdoc/>
    public ReadStatus Read(out CapturedPacket packet)
    {
        if (TryReadEarliest(out packet))
            return ReadStatus.Packet;
        ReadStatus status = _signal.WaitFor(this, out packet);
        return status == ReadStatus.End && Failure is not null ? ReadStatus.Failed : status;
    }

    bool IRingReader.TryTake(out CapturedPacket packet) => TryReadEarliest(out packet);

    /// <summary>The sum over all interfaces; each one's own are its own <see cref="LivePacketSource.Counters"/>.</summary>
    public SourceCounters Counters()
    {
        SourceCounters[] each = [.. _sources.Select(source => source.Counters())];
        return new SourceCounters
        {
            Source = Name,
            Received = each.Sum(counters => counters.Received),
            DroppedByKernel = each.Sum(counters => counters.DroppedByKernel),
            DroppedByInterface = each.Sum(counters => counters.DroppedByInterface),
            DroppedByRing = each.Sum(counters => counters.DroppedByRing),
            Interruptions = each.Sum(counters => counters.Interruptions),
        };
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (LivePacketSource source in _sources)
            source.Dispose();
        _signal.Dispose();
    }

    private bool TryReadEarliest(out CapturedPacket packet)
    {
        if (_sources.Length == 1)
            return _sources[0].Ring.TryRead(out packet);
        LivePacketSource? earliest = null;
        long earliestNs = long.MaxValue;
        foreach (LivePacketSource source in _sources)
        {
            if (!source.Ring.TryPeek(out long timeNs) || (earliest is not null && timeNs >= earliestNs))
                continue;
            earliest = source;
            earliestNs = timeNs;
        }
        if (earliest is null)
        {
            packet = default;
            return false;
        }
        return earliest.Ring.TryRead(out packet);
    }
}

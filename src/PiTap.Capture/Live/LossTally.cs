namespace PiTap.Capture.Live;

/// <summary>Sums up libpcap's loss counters, which are 32 bits wide and begin anew with each handle.</summary>
internal sealed class LossTally
{
    // When an interface is gone its own counter reads 0, and the difference comes out as a huge number: that is no loss.
    private const uint MaxPlausibleStep = uint.MaxValue / 2;

    private Libpcap.Statistics _last;

    /// <summary>Packets that the kernel had no room for, over all handles.</summary>
    public long DroppedByKernel { get; private set; }

    /// <summary>Packets that the network device dropped, over all handles.</summary>
    public long DroppedByInterface { get; private set; }

    /// <summary>A new handle counts from 0.</summary>
    public void BeginDevice() => _last = default;

    /// <summary>Adds what the current handle counted since the last time.</summary>
    public void Update(Libpcap.Statistics now)
    {
        DroppedByKernel += Step(_last.DroppedByKernel, now.DroppedByKernel);
        DroppedByInterface += Step(_last.DroppedByInterface, now.DroppedByInterface);
        _last = now;
    }

    private static uint Step(uint before, uint now)
    {
        uint step = unchecked(now - before);
        return step > MaxPlausibleStep ? 0 : step;
    }
}

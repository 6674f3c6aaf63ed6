using PiTap.Analysis;
using PiTap.Model;
using PiTap.Store;

namespace PiTap.Host.Live;

/// <summary>Carries commands out in the process that captures.</summary>
internal sealed class LiveControl(ControlQueue queue, Pipeline pipeline, LiveLoop loop, RecordStore store, LiveBoard board) : IControl
{
    /// <inheritdoc/>
    public Task<ForgottenRecords> ForgetDeviceAsync(string device, CancellationToken cancellation) =>
        queue.InvokeAsync(() => Forget(device), cancellation);

    /// <summary>
    /// From the inside out, so that nothing comes back: the analysis first, then what is on its way to the store, then the store. The
    /// analysis
    /// waits for the disk meanwhile; packets gather in the ring.
    /// </summary>
    private ForgottenRecords Forget(string device)
    {
        bool isKnown = pipeline.Forget(device);
        loop.HandOver();
        board.Forget(device);
        ForgottenRecords forgotten = store.Forget(device);
        return isKnown && forgotten.Devices == 0 ? forgotten with { Devices = 1 } : forgotten;
    }
}

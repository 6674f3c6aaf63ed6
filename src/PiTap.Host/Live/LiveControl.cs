using PiTap.Analysis;
using PiTap.Model;
using PiTap.Store;
using PiTap.Store.Files;

namespace PiTap.Host.Live;

/// <summary>Carries commands out in the process that captures.</summary>
internal sealed class LiveControl(ControlQueue queue, Pipeline pipeline, LiveLoop loop, RecordStore store, LiveBoard board) : IControl
{
    /// <inheritdoc/>
    public async Task<ForgottenRecords> ForgetDeviceAsync(string device, CancellationToken cancellation)
    {
        // Before the analysis has to do with it, which waits for no disk.
        IReadOnlyList<DeviceRecord> stored = await Task.Run(StoredDevices, cancellation).ConfigureAwait(false);
        return await queue.BeginAsync(() => ForgetAsync(device, stored), cancellation).ConfigureAwait(false);
    }

    private DeviceRecord[] StoredDevices()
    {
        try
        {
            using IStoreReader reader = store.CreateReader();
            return [.. reader.Devices(StoreQuery.All)];
        }
        catch (StoreException failure)
        {
            throw new ControlException(failure.Message, failure);
        }
    }

    /// <summary>
    /// From the inside out, so that nothing comes back: the analysis first, then what is on its way to the store, then the store, which
    /// takes its time: what comes meanwhile is pending behind it.
    /// </summary>
    private async Task<ForgottenRecords> ForgetAsync(string device, IReadOnlyList<DeviceRecord> stored)
    {
        IReadOnlyList<DeviceRecord> known = pipeline.Devices();
        DeviceTraces traces = new(device, [.. stored, .. known]);
        bool isKnown = pipeline.Forget(traces);
        loop.HandOver();
        board.Forget(traces);
        ForgottenRecords forgotten = await store.ForgetAsync(device, known).ConfigureAwait(false);
        return isKnown && forgotten.Devices == 0 ? forgotten with { Devices = 1 } : forgotten;
    }
}

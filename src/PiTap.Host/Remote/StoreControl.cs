using PiTap.Model;
using PiTap.Store;

namespace PiTap.Host.Remote;

/// <summary>Carries commands out on a store that no daemon holds.</summary>
internal sealed class StoreControl(string databasePath, TimeProvider clock, Action<string> notice) : IControl
{
    /// <inheritdoc/>
    public Task<ForgottenRecords> ForgetDeviceAsync(string device, CancellationToken cancellation)
    {
        // Nothing else is to be deleted on the way: no retention.
        StoreOptions options = new() { Path = databasePath, RetainDays = null, MaxSizeBytes = null, Notice = notice };
        using RecordStore store = RecordStore.Open(options, clock);
        return Task.FromResult(store.Forget(device));
    }
}

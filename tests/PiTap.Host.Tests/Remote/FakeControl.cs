using PiTap.Model;

namespace PiTap.Host.Tests.Remote;

/// <summary>Forgets what it is told, and says how much that was; refuses one device.</summary>
internal sealed class FakeControl : IControl
{
    public const string Refused = "refused";

    public static ForgottenRecords Answer(string device) => new(device.Length, 2, 3, 4, 1);

    public Task<ForgottenRecords> ForgetDeviceAsync(string device, CancellationToken cancellation) =>
        device == Refused ? throw new ControlException("The daemon is too busy to do that: nothing was done.")
            : Task.FromResult(Answer(device));
}

using PiTap.Host.Live;
using PiTap.Host.Remote;

namespace PiTap.Host.Tests.Remote;

public sealed class SocketControlTests
{
    [Fact]
    public void A_caller_waits_longer_than_a_daemon_takes_for_a_command_at_most()
    {
        ControlLimits limits = new();
        Assert.True(SocketControl.Timeout > limits.BeginWithin + limits.EndWithin + limits.EndWithin + TimeSpan.FromSeconds(30));
    }
}

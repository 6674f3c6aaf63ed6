using PiTap.Analysis;
using PiTap.Host.Arguments;
using PiTap.Model;

namespace PiTap.Host.Commands;

/// <summary>The analysis's options from the command line's.</summary>
internal static class AnalysisSetup
{
    /// <param name="timeout">Of flows; null for the default.</param>
    /// <param name="clients">Whose traffic is kept.</param>
    /// <param name="ignore">Hosts that leave no record.</param>
    /// <param name="isMirrorTarget">Addresses that mirrors send to; null for any, as in a file.</param>
    public static AnalysisOptions Options(
        FlowTimeout? timeout, ClientFilter? clients, string[]? ignore, Func<IpAddress, bool>? isMirrorTarget = null)
    {
        AnalysisOptions defaults = new();
        return new AnalysisOptions
        {
            FlowIdleTimeoutNs = timeout is null ? defaults.FlowIdleTimeoutNs : timeout.IdleNs,
            Clients = clients,
            IgnoreSuffixes = ignore ?? [],
            IsMirrorTarget = isMirrorTarget,
        };
    }
}

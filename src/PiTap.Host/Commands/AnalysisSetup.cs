using PiTap.Analysis;
using PiTap.Host.Arguments;

namespace PiTap.Host.Commands;

/// <summary>The analysis's options from the command line's.</summary>
internal static class AnalysisSetup
{
    public static AnalysisOptions Options(FlowTimeout? timeout, ClientFilter? clients, string[]? ignore)
    {
        AnalysisOptions defaults = new();
        return new AnalysisOptions
        {
            FlowIdleTimeoutNs = timeout is null ? defaults.FlowIdleTimeoutNs : timeout.IdleNs,
            Clients = clients,
            IgnoreSuffixes = ignore ?? [],
        };
    }
}

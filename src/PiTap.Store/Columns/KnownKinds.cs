using PiTap.Model;

namespace PiTap.Store.Columns;

/// <summary>
/// Kinds out of stored numbers. A number that this version does not know, of a later version's making or a stranger's, becomes the kind
/// that says nothing: nobody after the store has to check.
/// </summary>
internal static class KnownKinds
{
    private static readonly int s_lastAppProto = (int)Enum.GetValues<AppProtocol>().Max();
    private static readonly int s_lastHostSource = (int)Enum.GetValues<HostSource>().Max();
    private static readonly int s_lastVerdict = (int)Enum.GetValues<Verdict>().Max();
    private static readonly int s_lastEch = (int)Enum.GetValues<EchState>().Max();
    private static readonly int s_lastDeviceSide = (int)Enum.GetValues<DeviceSide>().Max();
    private static readonly int s_lastEnd = (int)Enum.GetValues<FlowEnd>().Max();

    public static AppProtocol AppProto(int value) => (AppProtocol)Known(value, s_lastAppProto);

    public static HostSource HostSource(int value) => (HostSource)Known(value, s_lastHostSource);

    public static Verdict Verdict(int value) => (Verdict)Known(value, s_lastVerdict);

    public static EchState Ech(int value) => (EchState)Known(value, s_lastEch);

    public static DeviceSide DeviceSide(int value) => (DeviceSide)Known(value, s_lastDeviceSide);

    /// <summary>An end for a reason unknown is an end all the same.</summary>
    public static FlowEnd End(int value) => value >= 0 && value <= s_lastEnd ? (FlowEnd)value : FlowEnd.Idle;

    private static int Known(int value, int last) => value >= 0 && value <= last ? value : 0;
}

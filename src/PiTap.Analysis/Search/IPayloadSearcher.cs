namespace PiTap.Analysis.Search;

/// <summary>Where payload comes from.</summary>
/// <param name="Flow">The flow's number within the run; of a flow inside a tunnel, the tunnel's.</param>
/// <param name="Device">The identifier of the flow's device.</param>
/// <param name="IsFromClient">Which side sent it, as far as the sides are known by then.</param>
/// <param name="TimeNs">Time of the packet that brought it, nanoseconds since the Unix epoch.</param>
public readonly record struct PayloadOrigin(long Flow, string Device, bool IsFromClient, long TimeNs);

/// <summary>
/// Searches what flows carry, beside the readers that find out what is spoken, and for longer than these look. One thread calls it. It must
/// not keep the bytes: they hold during the call only.
/// </summary>
public interface IPayloadSearcher
{
    /// <summary>The next bytes of one direction of a connection, in order, each once.</summary>
    /// <param name="origin">Where they come from.</param>
    /// <param name="bytes">The bytes, cut anywhere.</param>
    /// <param name="state">The searcher's own, kept for this direction from call to call; 0 at the beginning.</param>
    void OnStream(in PayloadOrigin origin, ReadOnlySpan<byte> bytes, ref int state);

    /// <summary>Bytes of a connection are missing between those before and those to come.</summary>
    /// <param name="origin">Where they are missing.</param>
    /// <param name="bytes">How many.</param>
    /// <param name="state">As in <see cref="OnStream"/>.</param>
    void OnGap(in PayloadOrigin origin, long bytes, ref int state);

    /// <summary>The payload of one datagram.</summary>
    /// <param name="origin">Where it comes from.</param>
    /// <param name="bytes">The bytes that were captured of it.</param>
    void OnDatagram(in PayloadOrigin origin, ReadOnlySpan<byte> bytes);
}

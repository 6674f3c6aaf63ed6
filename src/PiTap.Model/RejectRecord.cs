namespace PiTap.Model;

/// <summary>
/// Packets of a run that were rejected for one reason, and the first of them. Which field of which header asked for too much, or said what
/// cannot be, is told by <see cref="Claim"/>; the numbers are those of the first packet.
/// </summary>
public sealed record RejectRecord
{
    /// <summary>Where the packet was rejected: <c>link</c>, <c>network</c> or <c>transport</c>.</summary>
    public required string Layer { get; init; }

    /// <summary><c>truncated</c>, <c>malformed</c> or <c>unsupported</c>.</summary>
    public required string Status { get; init; }

    /// <summary>Who claimed it: a header or one of its fields, for example <c>ipv4-header-length</c>.</summary>
    public required string Claim { get; init; }

    /// <summary>Where the claim stands, in bytes from the start of the packet.</summary>
    public int Offset { get; init; }

    /// <summary>
    /// Of a truncated packet the bytes that the claim asks for; of a malformed one the least value that could be right; 0 without a number.
    /// </summary>
    public int Required { get; init; }

    /// <summary>Of a truncated packet the bytes that there are from the claim's header on; of a malformed one the value found.</summary>
    public int Available { get; init; }

    /// <summary>What ends the available bytes: <c>capture</c>, or a length such as <c>ipv4-total-length</c>.</summary>
    public required string Bound { get; init; }

    /// <summary>Interface name, or path of the file.</summary>
    public required string Source { get; init; }

    /// <summary>The packet's number in its source, from 1.</summary>
    public long Packet { get; init; }

    /// <summary>When it was captured, nanoseconds since the Unix epoch.</summary>
    public long TimeNs { get; init; }

    /// <summary>How many packets of the run were rejected by this claim, the first one included.</summary>
    public long Packets { get; init; }
}

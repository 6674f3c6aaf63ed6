namespace PiTap.Wire.Application;

/// <summary>An NTP packet (RFC 5905 section 7.3, also the simple form of RFC 4330).</summary>
public readonly ref struct NtpView
{
    private const int HeaderLength = 48;
    private readonly ReadOnlySpan<byte> _packet;

    private NtpView(ReadOnlySpan<byte> packet) => _packet = packet;

    /// <summary>1 to 4.</summary>
    public int Version => _packet[0] >> 3 & 7;

    /// <summary>3 client, 4 server, 1 and 2 symmetric, 5 broadcast, 6 control, 7 private.</summary>
    public int Mode => _packet[0] & 7;

    /// <summary>How far the sender is from a reference clock; 0 in a client's question.</summary>
    public byte Stratum => _packet[1];

    /// <summary>Reads a packet. Control and private messages (modes 6 and 7) are <see cref="ParseStatus.Unsupported"/>.</summary>
    public static ParseStatus Parse(ReadOnlySpan<byte> packet, out NtpView view)
    {
        view = default;
        if (packet.Length < 1)
            return ParseStatus.Truncated;
        int version = packet[0] >> 3 & 7;
        int mode = packet[0] & 7;
        if (version is 0 or > 4)
            return ParseStatus.Malformed;
        if (mode is 0 or 6 or 7)
            return mode == 0 ? ParseStatus.Malformed : ParseStatus.Unsupported;
        if (packet.Length < HeaderLength)
            return ParseStatus.Truncated;
        // Stratum 17 to 255 is reserved (figure 11).
        if (packet[1] > 16)
            return ParseStatus.Malformed;
        view = new NtpView(packet);
        return ParseStatus.Ok;
    }
}

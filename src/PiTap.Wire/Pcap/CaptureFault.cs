namespace PiTap.Wire.Pcap;

/// <summary>What kind of capture file the bytes are.</summary>
public enum CaptureFormat : byte
{
    /// <summary>None that is known.</summary>
    Unknown = 0,
    /// <summary>The classic format (draft-ietf-opsawg-pcap).</summary>
    Pcap = 1,
    /// <summary>The block format (draft-ietf-opsawg-pcapng).</summary>
    Pcapng = 2,
}

/// <summary>What <see cref="CaptureFileParser.TryRead"/> came to.</summary>
public enum CaptureParseStatus : byte
{
    /// <summary>
    /// The bytes given are used up: hand over at least <see cref="CaptureFileParser.BytesNeeded"/>, beginning with those not consumed.
    /// </summary>
    NeedMore = 0,
    /// <summary>A packet.</summary>
    Packet = 1,
    /// <summary>The file ended between two packets, as it should.</summary>
    End = 2,
    /// <summary>The file cannot be read on: <see cref="CaptureFileParser.Fault"/> says why.</summary>
    Failed = 3,
}

/// <summary>Why a capture file cannot be read on.</summary>
public enum CaptureFault : byte
{
    /// <summary>Nothing is wrong.</summary>
    None = 0,
    /// <summary>The first bytes belong to no known format.</summary>
    NotACapture = 1,
    /// <summary>A version of the format that is not known; the value is the major version.</summary>
    VersionUnknown = 2,
    /// <summary>The file ends in the middle of something; the value is how many bytes that something has.</summary>
    Truncated = 3,
    /// <summary>A packet claims more than <see cref="CaptureFileParser.MaxPacketBytes"/>; the value is what it claims.</summary>
    PacketTooLong = 4,
    /// <summary>A block claims more than <see cref="CaptureFileParser.MaxBlockBytes"/>; the value is what it claims.</summary>
    BlockTooLong = 5,
    /// <summary>A block's length is too small for its kind, or no multiple of four; the value is that length.</summary>
    BlockLengthInvalid = 6,
    /// <summary>The lengths at a block's two ends differ; the value is the one at its end.</summary>
    BlockLengthsDiffer = 7,
    /// <summary>A packet's data does not fit into its block; the value is the data's length.</summary>
    PacketBeyondBlock = 8,
    /// <summary>A packet names an interface that was not described before; the value is its number.</summary>
    InterfaceUnknown = 9,
    /// <summary>A section describes more than <see cref="CaptureFileParser.MaxInterfaces"/> interfaces; the value is that cap.</summary>
    TooManyInterfaces = 10,
    /// <summary>A section does not begin with a known byte-order magic; the value is what stands there.</summary>
    ByteOrderUnknown = 11,
}

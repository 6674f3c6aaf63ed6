namespace PiTap.Host.Machine;

/// <summary>A network interface as the kernel shows it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="State">up, down, unknown, ... (RFC 2863 ifOperStatus).</param>
internal sealed record InterfaceFact(string Name, string State);

/// <summary>What was found on this machine. Judging it is <see cref="DoctorReport"/>'s.</summary>
internal sealed record MachineFacts
{
    public required string Runtime { get; init; }

    /// <summary>libpcap's own words; null if it cannot be loaded.</summary>
    public string? LibpcapVersion { get; init; }

    /// <summary>True for the capability to open packet sockets.</summary>
    public bool HasNetRaw { get; init; }

    public IReadOnlyList<InterfaceFact> Interfaces { get; init; } = [];

    public required string StorePath { get; init; }

    /// <summary>Why the store cannot be written; null if it can.</summary>
    public string? StoreProblem { get; init; }

    /// <summary>True if a daemon answers for the store.</summary>
    public bool IsStoreHeld { get; init; }

    /// <summary>Bytes free where the store is; null if that is unknown.</summary>
    public long? FreeBytes { get; init; }

    public required DateTimeOffset Now { get; init; }

    public IReadOnlyList<string> GpioNodes { get; init; } = [];

    public IReadOnlyList<string> I2cNodes { get; init; } = [];

    public IReadOnlyList<string> SpiNodes { get; init; } = [];
}

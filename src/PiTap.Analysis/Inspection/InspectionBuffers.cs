using PiTap.Analysis.Core;
using PiTap.Analysis.Streams;
using PiTap.Wire.Application.Quic;

namespace PiTap.Analysis.Inspection;

/// <summary>The memory that all inspectors share, and the account of what they hold.</summary>
internal sealed class InspectionBuffers(Losses losses)
{
    public Losses Losses { get; } = losses;

    public StreamBudget Budget { get; } = new(Limits.StreamBytes, losses);

    public QuicInitialDecryptor QuicDecryptor { get; } = new();

    /// <summary>Where hellos that span records are put together: the message's header comes on top of its greatest length.</summary>
    public byte[] HelloScratch { get; } = new byte[Limits.HelloBytes + 64];
}

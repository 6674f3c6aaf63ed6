using System.Globalization;
using PiTap.Analysis.Flows;
using PiTap.Model;
using PiTap.Wire.Application.Other;

namespace PiTap.Analysis.Inspection;

/// <summary>Looks at payload of no known protocol: for plain text, and at how evenly its bytes are spread.</summary>
internal static class PayloadProbe
{
    public static void Look(FlowFacts facts, ReadOnlySpan<byte> bytes)
    {
        // The first ones to speak may go over to TLS: what they said before stays readable.
        if (!facts.HasHandshake && facts.ReasonFor(AppProtocol.Unknown) is null && PlainCommands.ProtocolOf(bytes) is string protocol)
            facts.Explain(AppProtocol.Unknown, protocol);
        if (facts.ReadableReason.Length > 0)
            return;
        if (TextProbe.IsReadable(bytes))
            facts.ReadableReason = Describe(bytes);
        else if (bytes.Length >= ByteEntropy.MinBytes && facts.Evenness is not < ByteEntropy.UnevenBelow)
            facts.Evenness = Math.Min(facts.Evenness ?? double.MaxValue, ByteEntropy.RelativeToRandom(bytes));
    }

    /// <summary>Says in a sentence why bytes are taken for readable.</summary>
    private static string Describe(ReadOnlySpan<byte> bytes)
    {
        (int readable, int looked) = (TextProbe.ReadableBytes(bytes), Math.Min(bytes.Length, TextProbe.MaxBytes));
        return string.Create(CultureInfo.InvariantCulture, $"readable text: {readable} of {looked} bytes are runs of printable characters");
    }
}

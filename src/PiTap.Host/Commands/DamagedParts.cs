using PiTap.Host.Output;
using PiTap.Host.Platform;
using PiTap.Model;

namespace PiTap.Host.Commands;

/// <summary>What a command says of a store that could not be read in whole.</summary>
internal static class DamagedParts
{
    /// <summary>The exit code, with a sentence if something was left out.</summary>
    public static int Say(Surface surface, IStoreReader reader, string db)
    {
        if (reader.DamagedBlocks == 0)
            return ExitCode.Ok;
        surface.Say($"{Numbers.Of(reader.DamagedBlocks, "damaged part")} of the store {db} left out: records are missing above.");
        return ExitCode.Failed;
    }
}

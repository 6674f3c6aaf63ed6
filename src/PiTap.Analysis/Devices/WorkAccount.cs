using PiTap.Model;

namespace PiTap.Analysis.Devices;

/// <summary>
/// How much may be looked into for a device, in steps of about a microsecond of a PC's core. What is used comes back with time: a phone
/// never gets to the end of it, and a device that sends nothing but what is dear to read takes no more than a tenth of a core.
/// </summary>
internal struct WorkAccount
{
    /// <summary>Steps of a full account.</summary>
    public const int MaxSteps = 2_000_000;

    /// <summary>Steps that come back in a second.</summary>
    public const int StepsPerSecond = 100_000;

    private const long StepNs = PacketTime.NanosecondsPerSecond / StepsPerSecond;

    // Engine time from which the account is full again.
    private long _fullNs;

    /// <summary>True if something is left at this engine time.</summary>
    public readonly bool HasLeft(long nowNs) => _fullNs - nowNs < MaxSteps * StepNs;

    /// <summary>Books steps, also beyond what is left.</summary>
    public void Charge(long nowNs, int steps) => _fullNs = nowNs + Math.Max(_fullNs - nowNs, 0) + steps * StepNs;
}

using PiTap.Analysis.Core;

namespace PiTap.Analysis.Devices;

/// <summary>
/// Says whether a message may be looked into, by what its device has had so far. Devices that never got an answer have one account
/// together: senders are easily forged.
/// </summary>
internal sealed class WorkGate(EngineClock clock, Losses losses)
{
    private readonly WorkAccount _newcomers = new();

    /// <summary>True if the device has work left; else the message is counted.</summary>
    public bool MayLook(Device device)
    {
        bool isLeft = AccountOf(device).HasLeft(clock.NowNs);
        if (!isLeft)
            losses.Count(Losses.MessagesSkipped);
        return isLeft;
    }

    /// <summary>Books what a message cost, in steps of about a microsecond of a PC's core.</summary>
    public void Charge(Device device, int steps) => AccountOf(device).Charge(clock.NowNs, steps);

    private WorkAccount AccountOf(Device device) => device.IsAnswered ? device.Work : _newcomers;
}

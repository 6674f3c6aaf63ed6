using PiTap.Analysis.Core;

namespace PiTap.Analysis.Devices;

/// <summary>
/// Says whether a message may be looked into, by what its device has had so far: what it sends and what it is sent each have an account.
/// Devices that never got an answer have one together: senders are easily forged.
/// </summary>
internal sealed class WorkGate(EngineClock clock, Losses losses)
{
    private WorkAccount _newcomers;

    /// <summary>True if the device has work left for what it sends, or for what it is sent; else the message is counted.</summary>
    public bool MayLook(Device device, bool isSent)
    {
        bool isLeft = HasLeft(device, isSent);
        if (!isLeft)
            CountSkipped();
        return isLeft;
    }

    /// <summary>The same of a message whose cost is known beforehand, which is booked then.</summary>
    public bool TryCharge(Device device, bool isSent, int steps)
    {
        if (!MayLook(device, isSent))
            return false;
        Charge(device, isSent, steps);
        return true;
    }

    /// <summary>True if the device has work left, without counting.</summary>
    public bool HasLeft(Device device, bool isSent) => AccountOf(device, isSent).HasLeft(clock.NowNs);

    public void CountSkipped() => losses.Count(Losses.MessagesSkipped);

    /// <summary>Books what a message cost, in steps of about a microsecond of a PC's core.</summary>
    public void Charge(Device device, bool isSent, int steps) => AccountOf(device, isSent).Charge(clock.NowNs, steps);

    private ref WorkAccount AccountOf(Device device, bool isSent)
    {
        if (!device.IsAnswered)
            return ref _newcomers;
        return ref isSent ? ref device.SentWork : ref device.ReceivedWork;
    }
}

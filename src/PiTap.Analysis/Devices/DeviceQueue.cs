namespace PiTap.Analysis.Devices;

/// <summary>Devices of a kind in order of age: who gives way to others of it. A device is in one of these at a time.</summary>
internal sealed class DeviceQueue
{
    /// <summary>
    /// Devices that are passed over because they sent again or said what they are called, before one is forgotten whatever it did.
    /// </summary>
    private const int MaxSecondChances = 16;

    private readonly LinkedList<Device> _byAge = new();

    public int Count => _byAge.Count;

    public void Add(Device device)
    {
        device.LookedAtNs = device.LastSeenNs;
        device.PlaceInQueue = _byAge.AddLast(device);
    }

    /// <summary>Takes a device out, if it is here.</summary>
    public void Remove(Device device)
    {
        if (device.PlaceInQueue is not { } place || place.List != _byAge)
            return;
        _byAge.Remove(place);
        device.PlaceInQueue = null;
    }

    /// <summary>Of at least one here the oldest that sent nothing since it was looked at, and did not say what it is called.</summary>
    public Device LeastUseful()
    {
        for (int chances = 0; ; chances++)
        {
            LinkedListNode<Device> oldest = _byAge.First!;
            Device device = oldest.Value;
            if ((device.LastSeenNs == device.LookedAtNs && !device.IsNamed) || chances == MaxSecondChances)
                return device;
            device.LookedAtNs = device.LastSeenNs;
            _byAge.RemoveFirst();
            _byAge.AddLast(oldest);
        }
    }
}

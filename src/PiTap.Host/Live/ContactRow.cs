using PiTap.Model;

namespace PiTap.Host.Live;

/// <summary>A contact of the run, added up.</summary>
internal sealed class ContactRow(string device, string host, long nowNs)
{
    private readonly long _firstNs = nowNs;
    private ContactRecord _sum = new() { Device = device, Host = host, HostSource = HostSource.None };
    private TrafficCounts _counts;
    private RateMeter _up, _down;
    private bool _isWhoDue = true;

    public string Device => device;

    public string Host => host;

    /// <summary>When it last moved, by the run's clock.</summary>
    public long LastNs { get; private set; } = nowNs;

    public long FirstNs => _firstNs;

    public long Bytes => _counts.Bytes;

    /// <summary>
    /// What went there and back. One taken up again after it had given way has lost counts from there: no figure is below nothing.
    /// </summary>
    public TrafficCounts Counts => _counts;

    /// <summary>Its sum as it is kept, of which figures may be below nothing.</summary>
    public ContactRecord Record => _sum;

    /// <summary>Bytes from the device, by time.</summary>
    public RateMeter Up => _up;

    /// <summary>Bytes to the device, by time.</summary>
    public RateMeter Down => _down;

    /// <summary>True once all its flows turned out to belong to other contacts.</summary>
    public bool IsEmpty => _sum.Flows <= 0;

    public long UpPerSecond(long nowNs) => _up.PerSecond(nowNs);

    public long DownPerSecond(long nowNs) => _down.PerSecond(nowNs);

    /// <summary>Who it is, once that was asked.</summary>
    public PartyAttribution? Attribution => _sum.Attribution;

    /// <summary>The party that it belongs to; null for none yet.</summary>
    public PartyRow? Party { get; set; }

    public long BytesPerSecond(long nowNs) => UpPerSecond(nowNs) + DownPerSecond(nowNs);

    public void Add(ContactRecord delta, long nowNs)
    {
        ContactRecord before = _sum;
        _sum = _sum.Plus(delta);
        _isWhoDue |= before.HostSource != _sum.HostSource || before.Aliases.Count != _sum.Aliases.Count
            || before.Addresses.Count != _sum.Addresses.Count || before.AppProtos != _sum.AppProtos;
        TrafficCounts counts = _sum.Counts().AtLeastNone();
        TrafficCounts change = counts - _counts;
        _counts = counts;
        _up.Add(delta.BytesUp, nowNs);
        _down.Add(delta.BytesDown, nowNs);
        // What is taken back is no sign of life.
        if (delta.Flows > 0 || delta.BytesUp + delta.BytesDown > 0)
            LastNs = nowNs;
        Party?.Change(this, change, delta, nowNs);
    }

    public IReadOnlyList<string> Aliases => _sum.Aliases;

    /// <summary>Characters of its host and its aliases.</summary>
    public int Characters => host.Length + _sum.Aliases.Sum(static alias => alias.Length);

    /// <summary>Takes out the addresses of a device.</summary>
    public void Forget(DeviceTraces traces)
    {
        if (_sum.Addresses.Any(entry => traces.IsAddress(entry.Address)))
        {
            _sum = _sum with { Addresses = [.. _sum.Addresses.Where(entry => !traces.IsAddress(entry.Address))], Attribution = null };
            _isWhoDue = true;
        }
    }

    /// <summary>Works out who it is, if anything is known now that was not when that was done last. True if it was done.</summary>
    public bool TryAttribute(Func<ContactRecord, ContactRecord> who)
    {
        if (!_isWhoDue && _sum.Attribution is not null)
            return false;
        _isWhoDue = false;
        _sum = who(_sum);
        return true;
    }

    /// <summary>Its sum, in which no figure is below nothing.</summary>
    public ContactRecord ToSum() => _sum.With(_counts);

    /// <summary>As it is shown. Who it is, is said of its party.</summary>
    public LiveContact ToRecord(string deviceName, long nowNs) => new()
    {
        Record = ToSum() with { Attribution = null },
        DeviceName = deviceName,
        UpPerSecond = UpPerSecond(nowNs),
        DownPerSecond = DownPerSecond(nowNs),
        AgeNs = nowNs - _firstNs,
        IdleNs = nowNs - LastNs,
    };
}

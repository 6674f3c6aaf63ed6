using PiTap.Model;

namespace PiTap.Host.Live;

/// <summary>A contact of the run, added up.</summary>
internal sealed class ContactRow(string device, string host, long nowNs)
{
    private readonly long _firstNs = nowNs;
    private HostSource _source;
    private ulong _appProtos;
    private long _flows, _encrypted, _readable, _opaque, _bytesUp, _bytesDown;
    private RateMeter _up, _down;

    public string Device => device;

    public string Host => host;

    /// <summary>When it last moved, by the run's clock.</summary>
    public long LastNs { get; private set; } = nowNs;

    public long FirstNs => _firstNs;

    public long Bytes => _bytesUp + _bytesDown;

    /// <summary>True once all its flows turned out to belong to other contacts.</summary>
    public bool IsEmpty => _flows <= 0;

    public long BytesPerSecond(long nowNs) => _up.PerSecond(nowNs) + _down.PerSecond(nowNs);

    public void Add(ContactRecord delta, long nowNs)
    {
        _source = NameTrust.Order.MoreTrusted(_source, delta.HostSource);
        _appProtos |= delta.AppProtos;
        _flows += delta.Flows;
        _encrypted += delta.FlowsEncrypted;
        _readable += delta.FlowsReadable;
        _opaque += delta.FlowsOpaque;
        _bytesUp += delta.BytesUp;
        _bytesDown += delta.BytesDown;
        _up.Add(delta.BytesUp, nowNs);
        _down.Add(delta.BytesDown, nowNs);
        // What is taken back is no sign of life.
        if (delta.Flows > 0 || delta.BytesUp + delta.BytesDown > 0)
            LastNs = nowNs;
    }

    /// <summary>What one taken up again after it had given way has lost counts from there: no figure is below nothing.</summary>
    public LiveContact ToRecord(string deviceName, long nowNs) => new()
    {
        Device = device,
        DeviceName = deviceName,
        Host = host,
        HostSource = _source,
        AppProtos = _appProtos,
        Flows = Math.Max(0, _flows),
        FlowsEncrypted = Math.Max(0, _encrypted),
        FlowsReadable = Math.Max(0, _readable),
        FlowsOpaque = Math.Max(0, _opaque),
        BytesUp = Math.Max(0, _bytesUp),
        BytesDown = Math.Max(0, _bytesDown),
        UpPerSecond = _up.PerSecond(nowNs),
        DownPerSecond = _down.PerSecond(nowNs),
        AgeNs = nowNs - _firstNs,
        IdleNs = nowNs - LastNs,
    };
}

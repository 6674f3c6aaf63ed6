using PiTap.Model;

namespace PiTap.Host.Output;

/// <summary>Remembers which protocols each contact of this run spoke; the store keeps that per flow only.</summary>
internal sealed class ContactApps(IRecordSink next) : IRecordSink
{
    /// <summary>Contacts remembered; later ones are shown without a protocol.</summary>
    private const int MaxContacts = 65_536;

    private readonly Dictionary<(string Device, string Host), ulong> _apps = [];

    public void Write(RecordBatch batch)
    {
        for (int i = 0; i < batch.Flows.Count; i++)
            Remember(batch.Flows[i]);
        next.Write(batch);
    }

    /// <summary>For example <c>quic tls</c>; null where none is known.</summary>
    public string? Text(string device, string host)
    {
        if (!_apps.TryGetValue((device, host), out ulong bits))
            return null;
        List<string> names = [];
        for (int app = 1; app < 64; app++)
        {
            if ((bits >> app & 1) != 0)
                names.Add(((AppProtocol)app).Text()!);
        }
        return string.Join(' ', names);
    }

    private void Remember(FlowRecord flow)
    {
        if (flow.App == AppProtocol.Unknown || flow.IsReduced)
            return;
        (string, string) contact = (flow.Device, flow.Host ?? flow.Server.ToString());
        if (_apps.TryGetValue(contact, out ulong bits) || _apps.Count < MaxContacts)
            _apps[contact] = bits | 1UL << (int)flow.App;
    }
}

using PiTap.Analysis.Exposure;
using PiTap.Analysis.Flows;
using PiTap.Model;

namespace PiTap.Analysis.Records;

/// <summary>The record of what is known of a flow now.</summary>
internal static class FlowState
{
    /// <summary>
    /// What a record says beyond how much went and until when, as a hash: a state with another one has news. A hello may correct who the
    /// sides are, too.
    /// </summary>
    public static int FactsOf(FlowRecord record)
    {
        HashCode facts = default;
        facts.Add(record.Host);
        facts.Add(record.HostSource);
        facts.Add(record.Device);
        facts.Add(record.Client);
        facts.Add(record.ClientPort);
        facts.Add(record.DeviceSide);
        facts.Add(record.AppProtos.Count);
        facts.Add(record.Verdict);
        facts.Add(record.Tls.Count);
        facts.Add(record.Http.Count);
        facts.Add(record.QuicVersion);
        facts.Add(record.IsReduced);
        return facts.ToHashCode();
    }

    public static FlowRecord Record(Flow flow, FlowEnd end)
    {
        FlowFacts facts = flow.Facts;
        bool clientIsLow = flow.ClientIsLow;
        (Verdict verdict, string reason) = VerdictRules.Judge(facts, flow.Key.Protocol);
        return new FlowRecord
        {
            Sequence = flow.Sequence,
            StartNs = flow.StartNs,
            EndNs = flow.EndNs,
            Device = flow.Device.Id,
            Protocol = flow.Key.Protocol,
            Client = flow.Client,
            ClientPort = flow.ClientPort,
            Server = flow.Server,
            ServerPort = flow.ServerPort,
            PacketsUp = clientIsLow ? flow.PacketsFromLow : flow.PacketsFromHigh,
            PacketsDown = clientIsLow ? flow.PacketsFromHigh : flow.PacketsFromLow,
            BytesUp = clientIsLow ? flow.BytesFromLow : flow.BytesFromHigh,
            BytesDown = clientIsLow ? flow.BytesFromHigh : flow.BytesFromLow,
            End = end,
            AppProto = facts.AppProto,
            AppProtos = facts.AppProtoList(),
            Host = facts.Host,
            HostSource = facts.HostSource,
            HostAliases = facts.HostAliases,
            Verdict = verdict,
            VerdictReason = reason,
            Tls = facts.HelloList(),
            QuicVersion = facts.QuicVersion,
            Http = facts.HttpList(),
            IsReduced = flow.IsReduced,
            Source = flow.SourceName,
            App = facts.App,
            DeviceSide = clientIsLow == flow.DeviceIsLow ? DeviceSide.Client : DeviceSide.Server,
        };
    }
}

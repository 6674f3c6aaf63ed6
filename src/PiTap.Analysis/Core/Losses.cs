using System.Globalization;
using PiTap.Model;
using PiTap.Wire;
using PiTap.Wire.Frames;

namespace PiTap.Analysis.Core;

/// <summary>Counts of what was evicted, given up or rejected, by stable names.</summary>
internal sealed class Losses
{
    private readonly long[] _frames = new long[3 * 5];
    private readonly Dictionary<string, long> _named = [];

    /// <summary>Flow records ended because the flow table was full.</summary>
    public const string FlowsEvicted = "flows-evicted";

    /// <summary>Datagrams whose fragments could not be put together.</summary>
    public const string FragmentsGivenUp = "fragments-given-up";

    /// <summary>Streams not looked into because the memory for that was used up.</summary>
    public const string StreamsSkipped = "streams-skipped";

    /// <summary>Flows that gave their stream memory up for others: what they waited for had not come.</summary>
    public const string StreamsEvicted = "streams-evicted";

    /// <summary>Gaps in streams: the capture lost segments, or they came too late.</summary>
    public const string StreamGaps = "stream-gaps";

    /// <summary>Segments with other bytes than those that came under the same numbers before.</summary>
    public const string SegmentsContradictory = "segments-contradictory";

    /// <summary>Hellos of a flow beyond the cap.</summary>
    public const string HellosDropped = "hellos-dropped";

    /// <summary>HTTP requests of a flow beyond the cap.</summary>
    public const string HttpRequestsDropped = "http-requests-dropped";

    /// <summary>DNS questions whose answer was no longer waited for because there were too many.</summary>
    public const string LookupsEvicted = "lookups-evicted";

    /// <summary>Names of addresses forgotten because there were too many.</summary>
    public const string NamesEvicted = "names-evicted";

    /// <summary>Lookups of ignored names, not kept.</summary>
    public const string LookupsReduced = "lookups-reduced";

    /// <summary>Devices forgotten for others because there were too many; what was recorded of them stays.</summary>
    public const string DevicesEvicted = "devices-evicted";

    /// <summary>Devices that were hardly answered, counted as one because there were too many.</summary>
    public const string DevicesFolded = "devices-folded";

    /// <summary>MACs no longer known as ways out of the local network because there were too many.</summary>
    public const string GatewaysEvicted = "gateways-evicted";

    /// <summary>Prefixes of IPv6 no longer known to be on the link because there were too many.</summary>
    public const string PrefixesEvicted = "prefixes-evicted";

    /// <summary>Tunnels no longer known to be a mirror's because there were too many.</summary>
    public const string MirrorsEvicted = "mirrors-evicted";

    /// <summary>Packets behind a translation of addresses, which count as they were before it.</summary>
    public const string PacketsTranslated = "packets-translated";

    /// <summary>Flows no longer known to be copies behind a translation of addresses because there were too many.</summary>
    public const string TranslationsEvicted = "translations-evicted";

    /// <summary>Local addresses whose device was forgotten because there were too many.</summary>
    public const string LocalAddressesEvicted = "local-addresses-evicted";

    /// <summary>Public names of Encrypted Client Hello forgotten because there were too many.</summary>
    public const string EchNamesEvicted = "ech-names-evicted";

    /// <summary>Silent connections of which what was known was forgotten because there were too many.</summary>
    public const string ConnectionsEvicted = "connections-evicted";

    /// <summary>Messages not looked into because their device had asked for more work than it has.</summary>
    public const string MessagesSkipped = "messages-skipped";

    /// <summary>DNS messages of which the records beyond the cap were not looked at.</summary>
    public const string AnswersDropped = "answers-dropped";

    /// <summary>Flows of which a searcher saw the first <see cref="Limits.SearchBytesPerFlow"/> bytes, and no more.</summary>
    public const string SearchFlowsCut = "search-flows-cut";

    /// <summary>Flows that were not searched because the memory for that was used up.</summary>
    public const string SearchFlowsSkipped = "search-flows-skipped";

    /// <summary>Bytes that were missing in streams that were searched.</summary>
    public const string SearchGapBytes = "search-gap-bytes";

    /// <summary>Steps of the clock backwards by more than <see cref="EngineClock.MaxDisorderNs"/>.</summary>
    public const string ClockSteps = "clock-steps";

    /// <summary>Wi-Fi frames that only those who have the key can read.</summary>
    public const string WifiEncrypted = "wifi-encrypted";

    /// <summary>Wi-Fi frames that were sent again, and read the first time.</summary>
    public const string WifiRepeated = "wifi-repeated";

    /// <summary>Wi-Fi frames that came damaged.</summary>
    public const string WifiDamaged = "wifi-damaged";

    /// <summary>Packets in parts, in Wi-Fi frames, of which a part did not come.</summary>
    public const string WifiPartsGivenUp = "wifi-parts-given-up";

    /// <summary>Packets of which the capture holds the beginning only.</summary>
    public const string PacketsCut = "packets-cut";

    /// <summary>Packets that came twice, if that is no accident: each counts twice.</summary>
    public const string PacketsDoubled = "packets-doubled";

    /// <summary>Packets that are no IP, if they are most of what came.</summary>
    public const string PacketsNotIp = "packets-not-ip";

    /// <summary>Packets of a link type that is not read: the number follows.</summary>
    public const string UnreadLinkType = "link-type-";

    /// <summary>Kinds of link types that are counted by themselves; what there is beyond has no number.</summary>
    private const int MaxLinkTypes = 16;

    private readonly (LinkType Link, long Packets)[] _links = new (LinkType, long)[MaxLinkTypes + 1];
    private int _linkCount;

    public void Count(string name, long count = 1)
    {
        ref long slot = ref System.Runtime.InteropServices.CollectionsMarshal.GetValueRefOrAddDefault(_named, name, out _);
        slot += count;
    }

    public void Set(string name, long count)
    {
        if (count > 0)
            _named[name] = count;
        else
            _named.Remove(name);
    }

    /// <summary>Why frames were rejected.</summary>
    public RejectLog Rejects { get; } = new();

    /// <summary>Counts a frame that was rejected: packet <paramref name="number"/> of its source, from 1.</summary>
    public void Reject(in Frame frame, in CapturedPacket packet, string source, long number)
    {
        if (!LinkTypes.IsRead(packet.Link))
        {
            CountLink(packet.Link);
            return;
        }
        Reject(frame, FrameReject.Explain(packet.Link, packet.Data), packet.TimeNs, source, number);
    }

    /// <summary>Counts a frame of which it is known why it was rejected.</summary>
    public void Reject(in Frame frame, in FrameReject reject, long timeNs, string source, long number)
    {
        _frames[(int)frame.Layer * 5 + (int)frame.Status]++;
        Rejects.Note(reject, timeNs, source, number);
    }

    private void CountLink(LinkType link)
    {
        int place = 0;
        while (place < _linkCount && _links[place].Link != link)
            place++;
        if (place == _linkCount && place < MaxLinkTypes)
            _links[_linkCount++].Link = link;
        _links[place].Packets++;
    }

    /// <summary>All counts that are not zero, by name.</summary>
    public List<LossCounter> ToList()
    {
        List<LossCounter> list = [.. _named.Select(static pair => new LossCounter(pair.Key, pair.Value))];
        for (int i = 0; i < _frames.Length; i++)
        {
            if (_frames[i] > 0)
                list.Add(new LossCounter($"reject-{(FrameLayer)(i / 5)}-{(ParseStatus)(i % 5)}".ToLowerInvariant(), _frames[i]));
        }
        for (int i = 0; i < _links.Length; i++)
        {
            string number = i < MaxLinkTypes ? ((int)_links[i].Link).ToString(CultureInfo.InvariantCulture) : "other";
            if (_links[i].Packets > 0)
                list.Add(new LossCounter(UnreadLinkType + number, _links[i].Packets));
        }
        list.Sort(static (a, b) => string.CompareOrdinal(a.Name, b.Name));
        return list;
    }
}

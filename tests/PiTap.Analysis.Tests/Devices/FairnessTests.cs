using PiTap.Model;
using PiTap.TestKit;
using PiTap.Wire;
using PiTap.Wire.Transport;
using static PiTap.TestKit.Packets;

namespace PiTap.Analysis.Tests.Devices;

/// <summary>What one sender on the air can take from the others: in a full table its own goes first.</summary>
public sealed class FairnessTests
{
    private const ushort A = 1;

    private static readonly MacAddress s_neighbourMac = Mac("02:00:00:00:00:66");
    private static readonly IpAddress s_neighbour = Ip("10.42.0.66");
    private static readonly IpAddress s_resolver = Ip("10.42.0.1");

    private long _timeNs = Conversation.DefaultStartNs;

    [Fact]
    public void Forged_senders_do_not_drive_out_a_device_that_was_answered()
    {
        Analysis analysis = new Analysis().Add(Lookup(PhoneMac, Phone, 1, "a.example.com", [203, 0, 113, 7]));
        analysis.Add(Forged(0, 20_000));
        analysis.Add(Up(PhoneMac, Phone, Ip("203.0.113.7"), 443, [1])).Finish();
        FlowRecord flow = Assert.Single(analysis.Flows, static flow => flow.ServerPort == 443);
        Assert.Equal((PhoneMac.ToString(), "a.example.com"), (flow.Device, flow.Host));
        Assert.NotEqual(0, analysis.Losses["devices-evicted"]);
    }

    [Fact]
    public void Behind_any_number_of_forged_senders_each_new_device_that_is_answered_is_known_by_its_own_name()
    {
        Analysis analysis = new Analysis().Add(Forged(0, 5_000));
        MacAddress late = Mac("02:00:00:00:07:07");
        analysis.Add(Up(late, Ip("10.42.0.77"), Server, 443, [1]));
        analysis.Add(Packet(RouterMac, late, Server, Ip("10.42.0.77"), 443, 40_000, [1])).Finish();
        Assert.Equal(late.ToString(), Assert.Single(analysis.Flows, static flow => flow.ServerPort == 443).Device);
        Assert.DoesNotContain(analysis.Flows, static flow => flow.Device.Length == 0);
    }

    [Fact]
    public void Nothing_of_a_forgotten_device_is_missing_from_the_records()
    {
        Analysis analysis = new Analysis().Add(Forged(0, 6_000));
        // The first ones send again on flows that are still open.
        _timeNs += PacketTime.NanosecondsPerSecond;
        analysis.Add(Forged(0, 500)).Finish();
        Assert.Equal(1_024 + 1, analysis.Devices.Count);
        Assert.Equal(6_500, analysis.Minutes.Sum(static minute => minute.PacketsUp));
        Assert.Equal(6_500, analysis.Contacts.Sum(static contact => contact.PacketsUp));
        Assert.All(analysis.Flows, static flow => Assert.NotEqual("", flow.Device));
    }

    [Fact]
    public void Names_that_one_device_is_told_do_not_drive_out_those_of_another()
    {
        Analysis analysis = new Analysis().Add(Lookup(PhoneMac, Phone, 1, "a.example.com", [203, 0, 113, 7]));
        for (int message = 0; message < 700; message++)
        {
            (byte high, byte low) = ((byte)(message >> 8), (byte)message);
            byte[][] addresses = [.. Enumerable.Range(0, 60).Select(record => (byte[])[198, high, low, (byte)record])];
            analysis.Add(Lookup(s_neighbourMac, s_neighbour, (ushort)message, $"n{message}.example.com", addresses));
        }
        analysis.Add(Up(PhoneMac, Phone, Ip("203.0.113.7"), 443, [1])).Finish();
        Assert.NotEqual(0, analysis.Losses["names-evicted"]);
        Assert.Equal("a.example.com", Assert.Single(analysis.Flows, static flow => flow.ServerPort == 443).Host);
    }

    [Fact]
    public void Questions_of_one_device_do_not_drive_out_those_of_another()
    {
        TimedPacket[] slow = [.. Lookup(PhoneMac, Phone, 1, "slow.example.com", [203, 0, 113, 7])];
        Analysis analysis = new Analysis().Add(slow[0]);
        analysis.Add(Enumerable.Range(0, 20_000)
            .Select(number => Lookup(s_neighbourMac, s_neighbour, (ushort)number, $"n{number}.example.com", []).First()));
        analysis.Add(slow[1]).Finish();
        Assert.NotEqual(0, analysis.Losses["lookups-evicted"]);
        Assert.Equal(0, Assert.Single(analysis.Lookups, static lookup => lookup.Name == "slow.example.com").ResponseCode);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_flood_of_flows_does_not_drive_out_the_flow_of_another_device(bool isForged)
    {
        var analysis = new Analysis(new AnalysisOptions { MaxFlows = 1_000 });
        Conversation talk = new(Phone, 40_000, Server, 443, _timeNs += 1_000);
        analysis.Add(talk.Open().Packets);
        for (int number = 0; number < 5_000; number++)
        {
            (MacAddress mac, IpAddress address) = isForged ? (Forger(number), ForgedAddress(number)) : (s_neighbourMac, s_neighbour);
            byte[] syn = Ipv4(address, Server, IpProtocols.Tcp, Tcp((ushort)(1_000 + number), 80, 1, 0, TcpFlags.Syn));
            analysis.Add(new TimedPacket(_timeNs += 1_000, Ethernet(mac, RouterMac, syn)));
        }
        int packets = talk.Packets.Count;
        talk.NowNs = _timeNs;
        analysis.Add(talk.Send(true, HelloBytes.Client("phone.example.com")).Packets[packets..]).Finish();
        FlowRecord flow = Assert.Single(analysis.Flows, static flow => flow.Client == Phone);
        Assert.Equal(("phone.example.com", FlowEnd.EndOfCapture), (flow.Host, flow.End));
        Assert.NotEqual(0, analysis.Losses["flows-evicted"]);
    }

    [Fact]
    public void A_device_whose_flows_fill_the_table_drives_out_its_own()
    {
        var analysis = new Analysis(new AnalysisOptions { MaxFlows = 1_000 });
        analysis.Add(Up(PhoneMac, Phone, Server, 443, [1]), Packet(RouterMac, PhoneMac, Server, Phone, 443, 40_000, [1]));
        for (int number = 0; number < 3_000; number++)
        {
            ushort port = (ushort)(1_000 + number);
            analysis.Add(
                Packet(s_neighbourMac, RouterMac, s_neighbour, Server, port, 9, [1]),
                Packet(RouterMac, s_neighbourMac, Server, s_neighbour, 9, port, [1]));
        }
        analysis.Finish();
        Assert.Equal(FlowEnd.EndOfCapture, Assert.Single(analysis.Flows, static flow => flow.ServerPort == 443).End);
    }

    [Theory]
    [InlineData(63, 60_000)]
    [InlineData(4_000, 6_000)]
    public void Hellos_that_never_end_do_not_keep_out_a_new_one(int bytes, int flows)
    {
        Analysis analysis = new Analysis();
        byte[] half = HelloBytes.Client("half.example.com", [0, 21, .. DnsBytes.Vector16(new byte[12_000])])[..bytes];
        for (int number = 0; number < flows; number++)
        {
            byte[] packet = Ipv4(s_neighbour, ForgedAddress(number), IpProtocols.Tcp, Tcp((ushort)number, 443, 1, 0, TcpFlags.Ack, half));
            analysis.Add(new TimedPacket(_timeNs += 1_000, Ethernet(s_neighbourMac, RouterMac, packet)));
        }
        // In two parts: it has to wait for the second.
        Conversation talk = new(Phone, 40_000, Server, 443, _timeNs);
        analysis.Add(talk.Open().Send(true, HelloBytes.Client("phone.example.com"), segmentBytes: 40).Packets).Finish();
        Assert.Equal("phone.example.com", Assert.Single(analysis.Flows, static flow => flow.Client == Phone).Host);
        Assert.Equal(bytes > 1_000, analysis.Losses.ContainsKey("streams-evicted"));
        Assert.DoesNotContain("streams-skipped", analysis.Losses.Keys);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(90)]
    public void A_flow_that_gave_up_its_memory_goes_on(int more)
    {
        const int flows = 100;
        Analysis analysis = new Analysis();
        TimedPacket segment(int flow, int number, byte[] payload)
        {
            byte[] part = Tcp((ushort)(1_000 + flow), 443, (uint)(1 + (number * 1_400)), 0, TcpFlags.Ack, payload);
            return new(_timeNs += 1_000, Ethernet(s_neighbourMac, RouterMac, Ipv4(s_neighbour, Server, IpProtocols.Tcp, part)));
        }
        for (int flow = 0; flow < flows; flow++)
        {
            analysis.Add(segment(flow, 0, [1]));
            for (int number = 2; number < 120; number++)
                analysis.Add(segment(flow, number, new byte[1_400]));
        }
        // Behind the gap of each, whoever gave up: and then a hello.
        for (int number = 120; number < 120 + more; number++)
            analysis.Add(Enumerable.Range(0, flows).Select(flow => segment(flow, number, new byte[1_400])));
        analysis.Add(Enumerable.Range(0, flows).Select(flow => segment(flow, 300, HelloBytes.Client("late.example.com")))).Finish();
        Assert.NotEqual(0, analysis.Losses["streams-evicted"]);
        Assert.Contains("late.example.com", analysis.Flows.Where(static flow => flow.ClientPort == 1_000).Select(static flow => flow.Host));
    }

    [Fact]
    public void Segments_behind_gaps_do_not_keep_out_those_of_another()
    {
        Analysis analysis = new Analysis();
        Conversation talk = new(Phone, 40_000, Server, 443, _timeNs);
        byte[] hello = HelloBytes.Client("phone.example.com");
        talk.Open().Send(true, hello, segmentBytes: 40);
        TimedPacket[] packets = [.. talk.Packets];
        // The first part of the hello comes last.
        TimedPacket late = packets[^((hello.Length + 39) / 40)];
        analysis.Add(packets.Where(packet => packet != late));
        _timeNs = packets[^1].TimeNs;
        for (int flow = 0; flow < 100; flow++)
        {
            for (int segment = 0; segment < 120; segment++)
            {
                // Behind the SYN the first segment is missing.
                (uint sequence, TcpFlags flags, int length) = segment == 0
                    ? (1, TcpFlags.Syn, 0)
                    : (2 + (uint)segment * 1_400, TcpFlags.Ack, 1_400);
                byte[] part = Tcp((ushort)(1_000 + flow), 443, sequence, 0, flags, new byte[length]);
                byte[] packet = Ipv4(s_neighbour, Server, IpProtocols.Tcp, part);
                analysis.Add(new TimedPacket(_timeNs += 1_000, Ethernet(s_neighbourMac, RouterMac, packet)));
            }
        }
        analysis.Add(late with { TimeNs = _timeNs }).Finish();
        Assert.NotEqual(0, analysis.Losses["streams-evicted"]);
        Assert.Equal("phone.example.com", Assert.Single(analysis.Flows, static flow => flow.Client == Phone).Host);
    }

    [Fact]
    public void A_gateway_in_use_is_not_forgotten_for_others()
    {
        Analysis analysis = new Analysis();
        for (int number = 0; number < 1_000; number++)
        {
            analysis.Add(Up(PhoneMac, Phone, Ip("203.0.113.7"), (ushort)(1_000 + number), [1]));
            var gateway = new MacAddress(0x02_00_00_20_00_00u + (ulong)number);
            analysis.Add(Packet(s_neighbourMac, gateway, s_neighbour, Ip("203.0.113.9"), 40_000, (ushort)(1_000 + number), [1]));
        }
        // From behind it to a device with a public address: the sender is the server.
        byte[] packet = Ipv6(Server6, Ip("2001:db8::1"), IpProtocols.Udp, Udp(3_000, 4_000, [1]));
        analysis.Add(new TimedPacket(_timeNs, Ethernet(RouterMac, PhoneMac, packet))).Finish();
        Assert.NotEqual(0, analysis.Losses["gateways-evicted"]);
        FlowRecord flow = Assert.Single(analysis.Flows, static flow => flow.Client == Server6 || flow.Server == Server6);
        Assert.Equal(PhoneMac.ToString(), flow.Device);
    }

    [Fact]
    [Trait("cap", "Analysis.WorkAccount.MaxSteps")]
    public void A_device_that_asks_for_too_much_work_is_passed_over_for_a_while_and_no_other_is()
    {
        Analysis analysis = new Analysis();
        analysis.Add(Lookup(s_neighbourMac, s_neighbour, 1, "n.example.com", [203, 0, 113, 8]));
        analysis.Add(Lookup(PhoneMac, Phone, 1, "a.example.com", [203, 0, 113, 7]));
        for (ushort port = 1; port <= 2_500; port++)
            analysis.Add(Hello(s_neighbourMac, s_neighbour, port, "big.example.com", padding: 15_000));
        analysis.Add(Hello(PhoneMac, Phone, 9_000, "phone.example.com"));
        analysis.Add(Hello(s_neighbourMac, s_neighbour, 9_000, "passed.example.com"));
        _timeNs += 60 * PacketTime.NanosecondsPerSecond;
        analysis.Add(Hello(s_neighbourMac, s_neighbour, 9_001, "again.example.com")).Finish();
        Assert.NotEqual(0, analysis.Losses["messages-skipped"]);
        string?[] names = [.. analysis.Flows.Select(static flow => flow.Host)];
        Assert.Contains("phone.example.com", names);
        Assert.DoesNotContain("passed.example.com", names);
        Assert.Contains("again.example.com", names);
    }

    [Fact]
    public void What_others_send_to_a_device_does_not_use_up_its_own_work()
    {
        Analysis analysis = new Analysis().Add(Lookup(PhoneMac, Phone, 1, "a.example.com", [203, 0, 113, 7]));
        byte[][] addresses = [.. Enumerable.Range(0, 60).Select(static record => (byte[])[198, 51, 100, (byte)record])];
        for (int number = 0; number < 33_000; number++)
            analysis.Add(Lookup(PhoneMac, Phone, (ushort)number, "unasked.example.com", addresses).Skip(1));
        analysis.Add(Hello(PhoneMac, Phone, 9_000, "phone.example.com"));
        analysis.Add(Lookup(PhoneMac, Phone, 2, "b.example.com", [203, 0, 113, 8]));
        analysis.Add(Up(PhoneMac, Phone, Ip("203.0.113.8"), 443, [1])).Finish();
        Assert.NotEqual(0, analysis.Losses["messages-skipped"]);
        string?[] names = [.. analysis.Flows.Select(static flow => flow.Host)];
        Assert.Contains("phone.example.com", names);
        Assert.Contains("b.example.com", names);
    }

    [Fact]
    public void Forged_senders_ask_for_no_more_work_than_one()
    {
        Analysis analysis = new Analysis().Add(Lookup(PhoneMac, Phone, 1, "a.example.com", [203, 0, 113, 7]));
        for (int number = 0; number < 2_500; number++)
            analysis.Add(Hello(Forger(number), ForgedAddress(number), 1_000, "big.example.com", padding: 15_000));
        analysis.Add(Hello(PhoneMac, Phone, 9_000, "phone.example.com")).Finish();
        Assert.NotEqual(0, analysis.Losses["messages-skipped"]);
        Assert.Contains("phone.example.com", analysis.Flows.Select(static flow => flow.Host));
    }

    private static MacAddress Forger(int number) => new(0x02_00_00_10_00_00u + (ulong)number);

    private static IpAddress ForgedAddress(int number) => Ip($"10.{1 + number / 65_536}.{number / 256 % 256}.{number % 256}");

    private IEnumerable<TimedPacket> Forged(int first, int count) =>
        Enumerable.Range(first, count).Select(number => Up(Forger(number), ForgedAddress(number), Server, 9, [1]));

    private TimedPacket Up(MacAddress mac, IpAddress client, IpAddress server, ushort port, byte[] payload) =>
        Packet(mac, RouterMac, client, server, 40_000, port, payload);

    private TimedPacket Packet(
        MacAddress from, MacAddress to, IpAddress source, IpAddress destination, ushort sourcePort, ushort port, byte[] payload) =>
        new(_timeNs += 1_000, Ethernet(from, to, Ipv4(source, destination, IpProtocols.Udp, Udp(sourcePort, port, payload))));

    private TimedPacket Hello(MacAddress mac, IpAddress client, ushort port, string name, int padding = 0)
    {
        // The extension for padding (RFC 7685).
        byte[] hello = HelloBytes.Client(name, padding == 0 ? [] : [0, 21, .. DnsBytes.Vector16(new byte[padding])]);
        byte[] packet = Ipv4(client, Server, IpProtocols.Tcp, Tcp(port, 443, 1, 0, TcpFlags.Ack, hello));
        return new(_timeNs += 1_000, Ethernet(mac, RouterMac, packet));
    }

    /// <summary>A question for addresses and its answer.</summary>
    private IEnumerable<TimedPacket> Lookup(MacAddress mac, IpAddress client, ushort id, string name, params byte[][] addresses)
    {
        yield return Packet(mac, RouterMac, client, s_resolver, 50_000, 53, new DnsBytes(DnsBytes.Query, id).Question(name, A).ToArray());
        var answer = new DnsBytes(DnsBytes.Response, id).Question(name, A);
        foreach (byte[] address in addresses)
            answer.Answer(DnsBytes.PointerTo(12), A, address);
        yield return Packet(RouterMac, mac, s_resolver, client, 53, 50_000, answer.ToArray());
    }
}

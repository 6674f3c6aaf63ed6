using System.Text;
using PiTap.Model;
using PiTap.TestKit;
using PiTap.Wire;
using static PiTap.TestKit.Packets;

namespace PiTap.Analysis.Tests.Devices;

/// <summary>
/// Devices that are hardly answered, beyond so many at one time, are one row; whoever talks with others has a row of its own.
/// </summary>
public sealed class CrowdTests
{
    private const int OwnRows = 1_024;

    /// <summary>The same of those that were answered a few times.</summary>
    private const int BriefRows = 2_048;

    /// <summary>Packets each way that make a device known for good.</summary>
    private const int Established = 8;

    private static readonly MacAddress s_guestMac = Mac("02:00:00:00:07:07");
    private static readonly IpAddress s_guest = Ip("10.42.0.77");
    private static readonly IpAddress s_router = Ip("10.42.0.1");

    private long _timeNs = Conversation.DefaultStartNs;

    [Fact]
    [Trait("cap", "Analysis.Limits.UnansweredDevices")]
    public void Of_any_number_of_devices_that_nobody_answers_all_but_so_many_are_one_row()
    {
        Analysis analysis = new Analysis().Add(Forged(0, 20_000)).Finish();
        Assert.Equal(OwnRows + 1, analysis.Devices.Count);
        Assert.Equal(20_000 - OwnRows, analysis.Losses["devices-folded"]);
        Assert.Equal(20_000 - OwnRows, Of(analysis.Minutes, DeviceRecord.OtherDevices).Sum(static minute => minute.PacketsUp));
        ContactRecord contact = Assert.Single(analysis.Contacts, static contact => contact.Device == DeviceRecord.OtherDevices);
        Assert.Equal((Server.ToString(), 20_000 - OwnRows), (contact.Host, contact.Flows));
        Assert.Equal(20_000, analysis.Contacts.Sum(static contact => contact.PacketsUp));
        Assert.Equal(20_000 - OwnRows, analysis.Flows.Count(static flow => flow.Device == DeviceRecord.OtherDevices));
        // No name of theirs, and no text for each.
        DeviceRecord others = analysis.Devices[DeviceRecord.OtherDevices];
        Assert.Equal((DeviceRecord.OtherDevices, false), (others.DisplayName, others.IsMacRandomised));
        Assert.Empty(others.Addresses);
        Assert.Equal(_timeNs, others.LastSeenNs);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_phone_that_joins_in_the_middle_has_its_row_with_its_name_and_contacts(bool isLive)
    {
        Analysis analysis = new();
        void Attack(int first, int count)
        {
            analysis.Add(Forged(first, count));
            if (isLive)
                analysis.Flush();
        }
        Attack(0, 8_000);
        analysis.Add(Dhcp(true, "guest-phone"));
        Attack(8_000, 500);
        analysis.Add(Dhcp(false, ""));
        Attack(8_500, 8_000);
        analysis.Add(Lookup("a.example.com", [203, 0, 113, 7])[0]);
        Attack(16_500, 500);
        _timeNs += 1_000;
        analysis.Add(Lookup("a.example.com", [203, 0, 113, 7])[1]);
        analysis.Add(Packet(s_guestMac, RouterMac, s_guest, Ip("203.0.113.7"), 40_000, 443, [1]));
        Attack(17_000, 8_000);
        analysis.Finish();
        DeviceRecord guest = analysis.Devices[s_guestMac.ToString()];
        Assert.Equal("guest-phone", guest.DisplayName);
        Assert.Contains(s_guest, guest.Addresses);
        Assert.Equal("a.example.com", Assert.Single(analysis.Lookups, lookup => lookup.Device == guest.Id).Name);
        Assert.Contains(analysis.Contacts, contact => contact.Device == guest.Id && contact.Host == "a.example.com");
        Assert.NotEqual(0, Of(analysis.Minutes, guest.Id).Sum(static minute => minute.PacketsDown));
    }

    [Fact]
    public void What_one_of_them_sent_before_it_was_answered_moves_to_its_own_row_but_for_the_minutes()
    {
        Analysis analysis = new Analysis().Add(Forged(0, OwnRows));
        analysis.Add(Packet(s_guestMac, RouterMac, s_guest, Server, 40_000, 443, [1])).Flush();
        Assert.Equal(DeviceRecord.OtherDevices, Assert.Single(analysis.Flows, static flow => flow.ServerPort == 443).Device);
        Assert.Equal(1, analysis.Losses["devices-folded"]);
        analysis.Add(Packet(RouterMac, s_guestMac, Server, s_guest, 443, 40_000, [1])).Finish();
        Assert.Equal(s_guestMac.ToString(), analysis.Flows.Last(static flow => flow.ServerPort == 443).Device);
        (long, long) totals(string device) => (
            analysis.Contacts.Where(contact => contact.Device == device).Sum(static contact => contact.Flows),
            Of(analysis.Minutes, device).Sum(static minute => minute.PacketsUp + minute.PacketsDown));
        Assert.Equal((0, 1), totals(DeviceRecord.OtherDevices));
        Assert.Equal((1, 1), totals(s_guestMac.ToString()));
        Assert.Equal(s_guestMac.ToString(), analysis.Devices[s_guestMac.ToString()].Id);
    }

    [Fact]
    public void An_answer_counts_however_often_records_are_handed_on_in_between()
    {
        Analysis analysis = new Analysis().Add(Forged(0, OwnRows)).Flush();
        analysis.Add(Packet(s_guestMac, RouterMac, s_guest, Server, 40_000, 443, [1])).Flush();
        analysis.Add(Packet(RouterMac, s_guestMac, Server, s_guest, 443, 40_000, [1])).Flush();
        Assert.Contains(s_guestMac.ToString(), analysis.Devices.Keys);
    }

    [Fact]
    public void A_device_that_was_answered_keeps_its_row_whatever_comes()
    {
        Analysis analysis = new Analysis();
        for (int number = 0; number < 2_000; number++)
        {
            MacAddress mac = new(0x02_00_00_20_00_00u + (ulong)number);
            IpAddress address = Ip($"10.200.{number / 256}.{number % 256}");
            analysis.Add(
                Packet(mac, RouterMac, address, Server, 40_000, 443, [1]), Packet(RouterMac, mac, Server, address, 443, 40_000, [1]));
        }
        analysis.Add(Forged(0, 20_000)).Finish();
        Assert.Equal(2_000 + OwnRows + 1, analysis.Devices.Count);
        Assert.Equal(20_000 - OwnRows, analysis.Losses["devices-folded"]);
    }

    [Fact]
    [Trait("cap", "Analysis.Limits.BriefDevices")]
    public void Of_any_number_of_devices_whose_answers_are_forged_too_all_but_so_many_are_one_row()
    {
        Analysis analysis = new Analysis().Add(Answered(0, 20_000, 1)).Finish();
        Assert.Equal(BriefRows + 1, analysis.Devices.Count);
        Assert.Equal(20_000 - BriefRows, analysis.Losses["devices-folded"]);
        MinuteRecord[] minutes = [.. Of(analysis.Minutes, DeviceRecord.OtherDevices)];
        Assert.Equal(2 * (20_000 - BriefRows), minutes.Sum(static minute => minute.PacketsUp + minute.PacketsDown));
        Assert.Equal(20_000, analysis.Contacts.Sum(static contact => contact.PacketsDown));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_phone_among_devices_whose_answers_are_forged_too_has_its_row_with_its_name_and_contacts(bool isLive)
    {
        Analysis analysis = new();
        int forged = 0;
        void Attack(int count)
        {
            analysis.Add(Answered(forged, count, 1));
            forged += count;
            if (isLive)
                analysis.Flush();
        }
        Attack(8_000);
        analysis.Add(Dhcp(true, "guest-phone"), Dhcp(false, ""));
        Attack(8_000);
        analysis.Add(Lookup("a.example.com", [203, 0, 113, 7]));
        for (int i = 0; i < Established; i++)
        {
            analysis.Add(Packet(s_guestMac, RouterMac, s_guest, Ip("203.0.113.7"), 40_000, 443, [1]));
            analysis.Add(Packet(RouterMac, s_guestMac, Ip("203.0.113.7"), s_guest, 443, 40_000, [1]));
            Attack(500);
        }
        analysis.Finish();
        DeviceRecord guest = analysis.Devices[s_guestMac.ToString()];
        Assert.Equal("guest-phone", guest.DisplayName);
        Assert.Contains(s_guest, guest.Addresses);
        ContactRecord[] contacts = [.. analysis.Contacts.Where(contact => contact.Device == guest.Id && contact.Host == "a.example.com")];
        Assert.Equal((1, Established), (contacts.Sum(static contact => contact.Flows), contacts.Sum(static contact => contact.PacketsUp)));
    }

    [Theory]
    [InlineData(1, BriefRows + 1)]
    [InlineData(Established, 5_000 + OwnRows + 1)]
    public void In_a_table_full_of_devices_that_were_answered_those_that_were_not_have_no_more_rows_than_else(int packets, int rows)
    {
        Analysis analysis = new Analysis().Add(Answered(0, 5_000, packets)).Add(Forged(0, 20_000)).Finish();
        Assert.Equal(rows, analysis.Devices.Count);
    }

    [Fact]
    public void Forged_devices_of_every_kind_by_turns_make_no_more_rows_than_there_are_places_for_each_kind()
    {
        Analysis analysis = new Analysis().Add(Answered(0, 1_500, Established));
        for (int i = 0; i < 10_000; i++)
            analysis.Add(Answered(1_500 + i, 1, 1)).Add(Forged(i, 1));
        Assert.Equal(1_500 + BriefRows + OwnRows + 1, analysis.Finish().Devices.Count);
    }

    [Fact]
    public void What_stands_for_many_can_be_forgotten_and_is_met_anew()
    {
        Analysis analysis = new Analysis().Add(Forged(0, 3_000));
        Assert.True(analysis.Forget(DeviceRecord.OtherDevices));
        analysis.Flush();
        Assert.DoesNotContain(analysis.Flows, static flow => flow.Device == DeviceRecord.OtherDevices);
        Assert.Empty(Of(analysis.Minutes, DeviceRecord.OtherDevices));
        Assert.Equal(OwnRows, analysis.Devices.Count);
        analysis.Add(Forged(3_000, 10)).Finish();
        Assert.Equal(10, Of(analysis.Minutes, DeviceRecord.OtherDevices).Sum(static minute => minute.PacketsUp));
    }

    private static IEnumerable<MinuteRecord> Of(IEnumerable<MinuteRecord> minutes, string device) =>
        minutes.Where(minute => minute.Device == device);

    private IEnumerable<TimedPacket> Forged(int first, int count) => Enumerable.Range(first, count).Select(number => Packet(
        new MacAddress(0x02_00_00_10_00_00u + (ulong)number), RouterMac,
        Ip($"10.{1 + number / 65_536}.{number / 256 % 256}.{number % 256}"), Server, 40_000, 9, [1]));

    /// <summary>Devices with so many packets each way.</summary>
    private IEnumerable<TimedPacket> Answered(int first, int count, int packets)
    {
        for (int number = first; number < first + count; number++)
        {
            MacAddress mac = new(0x02_00_00_20_00_00u + (ulong)number);
            IpAddress address = Ip($"10.{100 + number / 65_536}.{number / 256 % 256}.{number % 256}");
            for (int i = 0; i < packets; i++)
            {
                yield return Packet(mac, RouterMac, address, Server, 40_000, 9, [1]);
                yield return Packet(RouterMac, mac, Server, address, 9, 40_000, [1]);
            }
        }
    }

    private TimedPacket Packet(
        MacAddress from, MacAddress to, IpAddress source, IpAddress target, ushort sourcePort, ushort port, byte[] payload) =>
        new(_timeNs += 1_000, Ethernet(from, to, Ipv4(source, target, IpProtocols.Udp, Udp(sourcePort, port, payload))));

    private TimedPacket Dhcp(bool isRequest, string name)
    {
        byte[] message = DhcpBytes.Message(isRequest, s_guestMac, isRequest ? default : s_guest,
            DhcpBytes.Option(53, 1), DhcpBytes.Option(12, Encoding.ASCII.GetBytes(name)));
        return isRequest
            ? Packet(s_guestMac, Mac("ff:ff:ff:ff:ff:ff"), Ip("0.0.0.0"), Ip("255.255.255.255"), 68, 67, message)
            : Packet(RouterMac, s_guestMac, s_router, s_guest, 67, 68, message);
    }

    private TimedPacket[] Lookup(string name, byte[] address)
    {
        byte[] answer = new DnsBytes(DnsBytes.Response, 1).Question(name, 1).Answer(DnsBytes.PointerTo(12), 1, address).ToArray();
        return
        [
            Packet(s_guestMac, RouterMac, s_guest, s_router, 50_000, 53, new DnsBytes(DnsBytes.Query, 1).Question(name, 1).ToArray()),
            Packet(RouterMac, s_guestMac, s_router, s_guest, 53, 50_000, answer),
        ];
    }
}

namespace PiTap.Export.Tests;

public sealed class CsvTests
{
    [Fact]
    public void The_header_is_there_without_a_row() =>
        Assert.Equal(
            "device,name,macRandomised,dhcpName,dhcpVendorClass,dhcpParameters,mdnsName,addresses,firstSeen,lastSeen,netBiosName,"
                + "vendor,vendorReason\r\n",
            Samples.Text(Csv.Devices));

    [Fact]
    public void A_flow_has_a_cell_for_each_column()
    {
        string[] lines = Samples.Text(Csv.Flows, Samples.Full).Split("\r\n");
        Assert.Equal(3, lines.Length);
        Assert.Equal(
            "2021-02-12T17:00:00.123456789Z,2021-02-12T17:00:00.123456790Z,02:00:00:00:00:01,"
                + "tcp,10.0.0.2,50000,2001:db8::1,443,1,3,60,5000000000,"
            + "tls,http tls,api.example.org,tls-sni,edge.example.net,encrypted,TLS 1.3 handshake,closed,"
            + "API.example.org,h2 http/1.1,0123456789abcdef0123456789abcdef,fedcba9876543210fedcba9876543210,"
            + "t13d1516h2_8daaf6152771_02713d6af862,grease,v1,example.org,GET,/a?b=1&c=<d>+'e',Agent/1.0,F3.1,3,trip.pcapng,Example,"
            + Samples.AgoraCells + ",client",
            lines[1]);
        Assert.Equal(lines[0].Split(',').Length, lines[1].Split(',').Length);
    }

    [Fact]
    public void A_party_has_a_cell_for_each_column() => Assert.Equal(
        "02:00:00:00:00:01," + Samples.AgoraCells + ",\"Agora SD-RTN edge, Agora real-time engagement\",rtc,edge.agora.io,2,tls,6,1,2,3,"
            + "4,5,6,7,2021-02-12T17:00:00.123456789Z,2021-02-12T17:00:00.123456789Z",
        Samples.Text(Csv.Parties, Samples.Party).Split("\r\n")[1]);

    [Fact]
    public void A_name_a_contact_a_device_have_a_cell_for_each_column()
    {
        Assert.Equal(
            "2021-02-12T17:00:00.123456789Z,02:00:00:00:00:01,10.0.0.2,5353,10.0.0.1,53,udp,dns,"
                + "API.example.org,AAAA,NOERROR,2001:db8::1,edge.example.net edge2.example.net,N3.1,3,wlan0",
            Samples.Text(Csv.Names, Samples.Lookup).Split("\r\n")[1]);
        Assert.Equal(
            "02:00:00:00:00:01,192.0.2.1,,tls quic,6,1,2,3,4,5,6,7,2021-02-12T17:00:00.123456789Z,2021-02-12T17:00:00.123456789Z,"
            + "2001:db8::1 192.0.2.1,edge.example.net,,,,,,,,,,,,,,,,,,,,",
            Samples.Text(Csv.Contacts, Samples.Contact).Split("\r\n")[1]);
        Assert.Equal(
            "02:00:00:00:00:01,phone,true,phone,android-dhcp-14,1 3 1,,10.0.0.2 fe80::1,"
                + "2021-02-12T17:00:00.123456789Z,2021-02-12T17:00:00.123456789Z,PHONE,Example Corp.,"
                + "IEEE assignment 02:00:00/24",
            Samples.Text(Csv.Devices, Samples.Device).Split("\r\n")[1]);
    }

    [Theory]
    [InlineData("=1+1", "'=1+1")]
    [InlineData("+1", "'+1")]
    [InlineData("-1", "'-1")]
    [InlineData("@SUM(A1)", "'@SUM(A1)")]
    [InlineData("\t=1", "'\\u{9}=1")]
    [InlineData("\r=1", "'\\u{D}=1")]
    [InlineData("\n=1", "'\\u{A}=1")]
    [InlineData("=\"a\",b", "\"'=\"\"a\"\",b\"")]
    [InlineData("a=1", "a=1")]
    [InlineData("a,b", "\"a,b\"")]
    [InlineData("say \"hi\"", "\"say \"\"hi\"\"\"")]
    [InlineData("a\r\nb", "a\\u{D}\\u{A}b")]
    [InlineData("\u001b]0;x\u0007", "\\u{1B}]0;x\\u{7}")]
    public void A_hostile_cell_stays_text(string host, string cell)
    {
        string row = Samples.Text(Csv.Contacts, Samples.Contact with { Host = host }).Split("\r\n")[1];
        Assert.StartsWith("02:00:00:00:00:01," + cell + ",,tls quic,6,", row, StringComparison.Ordinal);
    }

    [Fact]
    public void A_negative_number_stays_a_number()
    {
        string row = Samples.Text(Csv.Contacts, Samples.Contact with { Flows = -1 }).Split("\r\n")[1];
        Assert.Contains(",-1,", row, StringComparison.Ordinal);
    }
}

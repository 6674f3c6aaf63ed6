using System.Text;
using CsCheck;
using PiTap.Model;
using PiTap.Wire.Application.Stun;

namespace PiTap.Wire.Tests.Application.Stun;

public sealed class StunViewTests
{
    // RFC 5769 section 2.2: response over IPv4.
    private static readonly byte[] s_responseV4 = Convert.FromHexString(
        "0101003c2112a442b7e7a701bc34d686fa87dfae8022000b7465737420766563746f7220002000080001a147e112a643"
        + "000800142b91f599fd9e90c38c7489f92af9ba53f06be7d780280004c07d4c96");

    // RFC 5769 section 2.3: response over IPv6, without its integrity and fingerprint.
    private static readonly byte[] s_responseV6 = Convert.FromHexString(
        "010100282112a442b7e7a701bc34d686fa87dfae8022000b7465737420766563746f7220002000140002a1470113a9faa5d3f179bc25f4b5bed2b9d9");

    [Fact]
    public void A_response_reads_to_every_field()
    {
        Assert.Equal(ParseStatus.Ok, StunView.Parse(s_responseV4, out StunView view));
        Assert.Equal(StunClass.Success, view.Class);
        Assert.Equal(1, view.Method);
        Assert.Equal(s_responseV4.Length, view.TotalLength);
        Assert.True(view.HasMagicCookie);
        Assert.Equal(s_responseV4[8..20], view.TransactionId.ToArray());
        Assert.Equal("test vector", Encoding.UTF8.GetString(view.Software));
        Assert.True(view.Username.IsEmpty && view.Realm.IsEmpty && view.RelayedData.IsEmpty);
        Assert.True(view.TryReadMappedAddress(out IpAddress address, out ushort port));
        Assert.Equal("192.0.2.1", address.ToString());
        Assert.Equal(32_853, port);
        List<int> types = [];
        foreach (StunAttribute attribute in view.Attributes)
            types.Add((int)attribute.Type);
        Assert.Equal([0x8022, 0x0020, 0x0008, 0x8028], types);
    }

    [Fact]
    public void An_address_of_IPv6_is_read()
    {
        Assert.Equal(ParseStatus.Ok, StunView.Parse(s_responseV6, out StunView view));
        Assert.True(view.TryReadMappedAddress(out IpAddress address, out ushort port));
        Assert.Equal("2001:db8:1234:5678:11:2233:4455:6677", address.ToString());
        Assert.Equal(32_853, port);
    }

    [Fact]
    public void A_Send_indication_names_the_peer_and_holds_what_is_relayed()
    {
        byte[] message = Message(
            0x0016, [.. Attribute(0x0012, 0, 1, 0x21 ^ 0x12, 0x12 ^ 0x34, 203 ^ 0x21, 0x12, 113 ^ 0xa4, 9 ^ 0x42),
                .. Attribute(0x0013, 22, 254, 253)]);
        Assert.Equal(ParseStatus.Ok, StunView.Parse(message, out StunView view));
        Assert.Equal(StunClass.Indication, view.Class);
        Assert.Equal(6, view.Method);
        Assert.Equal([22, 254, 253], view.RelayedData.ToArray());
        Assert.True(view.TryReadPeerAddress(out IpAddress address, out ushort port));
        Assert.Equal("203.0.113.9", address.ToString());
        Assert.Equal(0x1234, port);
    }

    [Fact]
    public void Messages_of_a_stream_follow_each_other()
    {
        byte[] stream = [.. s_responseV4, .. s_responseV6];
        Assert.Equal(ParseStatus.Ok, StunView.Parse(stream, out StunView first));
        Assert.Equal(ParseStatus.Ok, StunView.Parse(stream.AsSpan(first.TotalLength), out StunView second));
        Assert.Equal(stream.Length, first.TotalLength + second.TotalLength);
    }

    [Fact]
    public void The_first_STUN_is_held_to_type_length_and_attributes()
    {
        byte[] message = [0x01, 0x01, 0, 12, .. new byte[16], .. Attribute(0x0001, 0, 1, 0x12, 0x34, 192, 0, 2, 7)];
        Assert.Equal(ParseStatus.Ok, StunView.Parse(message, out StunView view));
        Assert.False(view.HasMagicCookie);
        Assert.True(view.TryReadMappedAddress(out IpAddress address, out ushort port));
        Assert.Equal("192.0.2.7", address.ToString());
        Assert.Equal(0x1234, port);
        Assert.Equal(ParseStatus.Malformed, StunView.Parse([.. message, 0], out _));
        Assert.Equal(ParseStatus.Malformed, StunView.Parse([0x01, 0x03, .. message[2..]], out _));
        Assert.Equal(ParseStatus.Malformed, StunView.Parse([.. message[..23], 9, .. message[24..]], out _));
        Assert.Equal(ParseStatus.Ok, StunView.Parse([0, 1, 0, 0, .. new byte[16]], out _));
    }

    [Fact]
    public void MS_TURN_is_known_by_its_own_cookie()
    {
        byte[] body = [.. Attribute(0x000f, 0x72, 0xc6, 0x4b, 0xc6), .. Attribute(0x0006, 1, 2, 3, 4)];
        byte[] message = [0x00, 0x03, 0, (byte)body.Length, .. new byte[16], .. body];
        Assert.Equal(ParseStatus.Ok, StunView.Parse(message, out StunView view));
        Assert.Equal(3, view.Method);
        Assert.Equal([1, 2, 3, 4], view.Username.ToArray());
        message[24] ^= 1;
        Assert.Equal(ParseStatus.Malformed, StunView.Parse(message, out _));
    }

    [Fact]
    public void A_last_attribute_without_padding_is_forgiven_where_the_message_fills_the_datagram()
    {
        byte[] message = [0, 1, 0, 5, 0x21, 0x12, 0xa4, 0x42, .. new byte[12], 0, 6, 0, 1, (byte)'u'];
        Assert.Equal(ParseStatus.Ok, StunView.Parse(message, out StunView view));
        Assert.Equal("u", Encoding.UTF8.GetString(view.Username));
        Assert.Equal(ParseStatus.Malformed, StunView.Parse([.. message, 0], out _));
    }

    [Fact]
    public void A_message_that_is_cut_is_truncated() =>
        ByteSweep.EachPrefix(s_responseV4, prefix => Assert.Equal(ParseStatus.Truncated, StunView.Parse(prefix, out _)));

    [Fact]
    public void No_change_of_a_byte_makes_an_accessor_throw() => ByteSweep.EachChange(s_responseV4, Touch);

    [Fact]
    public void No_bytes_make_an_accessor_throw()
    {
        Gen.Byte.Array[0, 80].Sample(Touch);
        Gen.Byte.Array[0, 80].Sample(bytes => Touch(Message(1, bytes)));
    }

    [Fact]
    public void Random_datagrams_are_no_STUN() =>
        Gen.Byte.Array[20, 200].Sample(bytes => Assert.NotEqual(ParseStatus.Ok, StunView.Parse(bytes, out _)), iter: 10_000);

    [Fact]
    public void Reading_a_message_allocates_nothing() => Assert.Equal(0, HostileBytes.Allocated(() => Touch(s_responseV4)));

    private static void Touch(byte[] bytes)
    {
        if (StunView.Parse(bytes, out StunView view) != ParseStatus.Ok)
            return;
        int seen = view.Software.Length + view.Username.Length + view.Realm.Length + view.RelayedData.Length;
        view.TryReadMappedAddress(out _, out _);
        view.TryReadPeerAddress(out _, out _);
        foreach (StunAttribute attribute in view.Attributes)
            attribute.TryReadAddress(out _, out _);
        if (seen > 4 * bytes.Length || view.TotalLength > bytes.Length || view.Method > 0xfff || view.Class > StunClass.Error
            || view.TransactionId.Length != 12)
            Assert.Fail("A view reaches beyond its bytes.");
    }

    private static byte[] Message(int type, byte[] body) =>
        [(byte)(type >> 8), (byte)type, (byte)(body.Length >> 8), (byte)body.Length, 0x21, 0x12, 0xa4, 0x42, .. new byte[12], .. body];

    private static byte[] Attribute(int type, params byte[] value) =>
        [(byte)(type >> 8), (byte)type, 0, (byte)value.Length, .. value, .. new byte[(4 - value.Length % 4) % 4]];
}

using System.Security.Cryptography;
using System.Text;
using CsCheck;
using PiTap.Wire.Application.Other;

namespace PiTap.Wire.Tests.Application.Other;

public sealed class SmallProtocolTests
{
    [Theory]
    [InlineData("INVITE sip:bob@b.example SIP/2.0\r\n", true)]
    [InlineData("SIP/2.0 180 Ringing\r\n", true)]
    [InlineData("REGISTER sip:b.example SIP/2.0", false)]
    [InlineData("GET / HTTP/1.1\r\n", false)]
    [InlineData("invite sip:b SIP/2.0\r\n", false)]
    [InlineData("INVITE SIP/2.0\r\n", false)]
    [InlineData("SIP/2.0 \r\n", false)]
    [InlineData("SIP/2.0\r\n", false)]
    public void SIP_is_told_by_its_first_line(string text, bool expected) =>
        Assert.Equal(expected, SipMessage.IsMessage(Encoding.ASCII.GetBytes(text)));

    [Theory]
    [InlineData("SSH-2.0-OpenSSH_9.2\r\n", true)]
    [InlineData("SSH-1.99-x", true)]
    [InlineData("SSH-", false)]
    public void SSH_is_told_by_its_banner(string text, bool expected) =>
        Assert.Equal(expected, SshBanner.IsBanner(Encoding.ASCII.GetBytes(text)));

    [Theory]
    [InlineData(1, 148, true)]
    [InlineData(1, 147, false)]
    [InlineData(2, 92, true)]
    [InlineData(3, 64, true)]
    [InlineData(4, 148, false)]
    public void WireGuard_is_told_by_type_and_length(byte type, int length, bool expected)
    {
        byte[] message = new byte[length];
        message[0] = type;
        Assert.Equal(expected, WireGuardMessage.IsHandshake(message));
        message[2] = 1;
        Assert.False(WireGuardMessage.IsHandshake(message));
    }

    [Theory]
    [InlineData("M-SEARCH * HTTP/1.1\r\n", true)]
    [InlineData("NOTIFY * HTTP/1.1\r\n", true)]
    [InlineData("HTTP/1.1 200 OK\r\n", true)]
    [InlineData("NOTIFY /x HTTP/1.1\r\n", false)]
    public void SSDP_is_told_by_its_first_line(string text, bool expected) =>
        Assert.Equal(expected, SsdpMessage.IsMessage(Encoding.ASCII.GetBytes(text)));

    [Fact]
    public void No_bytes_make_a_recogniser_throw() =>
        Gen.Byte.Array[0, 160].Sample(bytes =>
        {
            SipMessage.IsMessage(bytes);
            SshBanner.IsBanner(bytes);
            SsdpMessage.IsMessage(bytes);
            WireGuardMessage.IsHandshake(bytes);
            double share = ByteEntropy.RelativeToRandom(bytes);
            Assert.InRange(ByteEntropy.BitsPerByte(bytes), 0, 8);
            Assert.InRange(share, 0, 2);
        });

    [Theory]
    [InlineData(20, 0.53)]
    [InlineData(100, 0.79)]
    [InlineData(200, 0.87)]
    public void Random_bytes_reach_what_their_length_lets_them(int length, double share) =>
        Assert.Equal(share, ByteEntropy.ExpectedOfRandom(length) / 8, 0.01);

    [Theory]
    [InlineData(32)]
    [InlineData(100)]
    [InlineData(700)]
    [InlineData(5_000)]
    public void Random_bytes_come_close_to_what_is_expected(int length)
    {
        byte[] random = Enumerable.Range(0, 200).SelectMany(i => SHA256.HashData(BitConverter.GetBytes(i))).Take(length).ToArray();
        Assert.InRange(ByteEntropy.RelativeToRandom(random), 0.95, 1.05);
        Assert.InRange(ByteEntropy.RelativeToRandom(Enumerable.Repeat(random[0], length).ToArray()), 0, 0.01);
    }

    [Theory]
    [InlineData(32, 0.95)]
    [InlineData(128, 0.997)]
    [InlineData(1_400, 1)]
    public void Random_bytes_are_called_even_as_often_as_stated_and_never_uneven(int length, double share)
    {
        const int Payloads = 50_000;
        var random = new Random(length);
        byte[] bytes = new byte[length];
        int even = 0;
        for (int i = 0; i < Payloads; i++)
        {
            random.NextBytes(bytes);
            double relative = ByteEntropy.RelativeToRandom(bytes);
            Assert.True(relative >= ByteEntropy.UnevenBelow);
            even += relative >= ByteEntropy.EvenFrom ? 1 : 0;
        }
        Assert.InRange(even / (double)Payloads, share - 0.01, 1);
    }

    [Fact]
    public void Too_few_bytes_say_nothing()
    {
        Assert.Equal(0, ByteEntropy.RelativeToRandom(new byte[ByteEntropy.MinBytes - 1]));
        Assert.Equal(0, ByteEntropy.BitsPerByte([]));
        Assert.Equal(8, ByteEntropy.BitsPerByte(Enumerable.Range(0, 256).Select(i => (byte)i).ToArray()));
    }

    [Fact]
    public void Measuring_allocates_nothing()
    {
        byte[] bytes = new byte[3_000];
        Assert.Equal(0, HostileBytes.Allocated(() => ByteEntropy.RelativeToRandom(bytes)));
    }
}

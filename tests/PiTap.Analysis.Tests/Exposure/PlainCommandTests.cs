using System.Text;
using PiTap.Model;
using PiTap.TestKit;

namespace PiTap.Analysis.Tests.Exposure;

/// <summary>What was said in the clear before TLS stays readable, and the reason says so.</summary>
public sealed class PlainCommandTests
{
    [Theory]
    [InlineData(587, "220 mail.example.com ESMTP ready\r\n", "EHLO phone.example.com\r\n", "SMTP")]
    [InlineData(143, "* OK IMAP4rev1 server ready\r\n", "a1 STARTTLS\r\n", "IMAP")]
    [InlineData(143, "", "a1 CAPABILITY\r\n", "IMAP")]
    [InlineData(110, "+OK POP3 server ready\r\n", "STLS\r\n", "POP3")]
    [InlineData(21, "220 ftp.example.com FTP server ready\r\n", "AUTH TLS\r\n", "FTP")]
    [InlineData(5_222, "", "<?xml version='1.0'?><stream:stream to='example.com' version='1.0'>", "XMPP")]
    public void Commands_before_TLS_are_said(ushort port, string greeting, string command, string protocol)
    {
        FlowRecord flow = Flow(port, greeting, command, HelloBytes.Client("mail.example.com"));
        Assert.Equal((Verdict.Encrypted, "mail.example.com"), (flow.Verdict, flow.Host));
        Assert.Equal($"TLS handshake begun, no answer seen behind readable {protocol} commands", flow.VerdictReason);
    }

    [Fact]
    public void Without_commands_nothing_is_said() =>
        Assert.Equal("TLS handshake begun, no answer seen", Flow(443, "", "", HelloBytes.Client("a.example.com")).VerdictReason);

    [Fact]
    public void Without_TLS_the_text_is_what_is_readable() =>
        Assert.Equal(Verdict.Readable, Flow(25, "220 mail.example.com ESMTP ready\r\n", "EHLO phone.example.com\r\n", []).Verdict);

    private static FlowRecord Flow(ushort port, string greeting, string command, byte[] hello)
    {
        Conversation talk = Conversation.Tcp(port).Open();
        talk.Send(false, Encoding.ASCII.GetBytes(greeting)).Send(true, Encoding.ASCII.GetBytes(command)).Send(true, hello);
        return Assert.Single(Analysis.Of(talk).Flows);
    }
}

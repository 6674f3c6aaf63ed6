using System.Text;
using PiTap.Model;
using PiTap.Wire.Application.Dns;

namespace PiTap.Wire.Tests.Application.Dns;

/// <summary>Reads all that a message holds, as text that a test can compare.</summary>
internal static class DnsReading
{
    public static DnsView Parse(byte[] message)
    {
        Assert.Equal(ParseStatus.Ok, DnsView.Parse(message, out DnsView dns));
        return dns;
    }

    /// <summary>The name as text; null if it is not consistent.</summary>
    public static string? Name(DnsView dns, int offset)
    {
        Span<byte> text = stackalloc byte[DnsView.MaxNameTextBytes];
        return dns.TryWriteName(offset, text, out int written) ? Encoding.ASCII.GetString(text[..written]) : null;
    }

    public static List<string?> QuestionNames(DnsView dns)
    {
        List<string?> names = [];
        foreach (DnsQuestion question in dns.Questions)
            names.Add(Name(dns, question.NameOffset));
        return names;
    }

    /// <summary>Section, owner, type and what the type says, a line for each record.</summary>
    public static List<string> Records(DnsView dns)
    {
        List<string> lines = [];
        foreach (DnsRecord record in dns.Records)
        {
            string value = record.TryReadAddress(out IpAddress address) ? address.ToString()
                : record.TargetOffset >= 0 ? Name(dns, record.TargetOffset) ?? "?"
                : $"{record.Data.Length} bytes";
            lines.Add($"{(int)record.Section} {Name(dns, record.NameOffset)} {record.Type} {value}");
        }
        return lines;
    }

    /// <summary>Touches every accessor; returns how many steps the enumerators made.</summary>
    public static int TouchAll(byte[] message)
    {
        DnsView.LooksLikeDns(message);
        if (DnsView.Parse(message, out DnsView dns) != ParseStatus.Ok)
            return 0;
        Span<byte> text = stackalloc byte[DnsView.MaxNameTextBytes];
        int steps = dns.Id + dns.Opcode + dns.ResponseCode >= 0 && (dns.IsResponse || dns.IsTruncated) ? 1 : 0;
        foreach (DnsQuestion question in dns.Questions)
        {
            steps++;
            dns.TryWriteName(question.NameOffset, text, out _);
        }
        foreach (DnsRecord record in dns.Records)
        {
            steps++;
            HostileBytes.Require(record.DataOffset + record.Data.Length <= message.Length, "data outside the message");
            dns.TryWriteName(record.NameOffset, text, out _);
            dns.TryWriteName(record.TargetOffset, text, out _);
            record.TryReadAddress(out _);
            foreach (ReadOnlySpan<byte> name in record.EchPublicNames)
                HostileBytes.Require(!name.IsEmpty, "an empty public name");
            if (SvcbView.Parse(record.Data, out SvcbView service) != ParseStatus.Ok)
                continue;
            foreach (SvcParameter parameter in service.Parameters)
                steps += parameter.Value.Length >> 16;
        }
        return steps;
    }
}

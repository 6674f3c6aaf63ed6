using System.Globalization;

using PiTap.Model;

namespace PiTap.Export;

/// <summary>Mnemonics of DNS numbers, as in the IANA registry "Domain Name System (DNS) Parameters".</summary>
public static class DnsText
{
    /// <summary>For example <c>AAAA</c>; <c>TYPE123</c> for a type without a mnemonic here (RFC 3597 section 5).</summary>
    public static string Type(ushort type) => type switch
    {
        1 => "A",
        2 => "NS",
        5 => "CNAME",
        6 => "SOA",
        12 => "PTR",
        13 => "HINFO",
        15 => "MX",
        16 => "TXT",
        17 => "RP",
        18 => "AFSDB",
        24 => "SIG",
        25 => "KEY",
        28 => "AAAA",
        29 => "LOC",
        33 => "SRV",
        35 => "NAPTR",
        36 => "KX",
        37 => "CERT",
        39 => "DNAME",
        41 => "OPT",
        42 => "APL",
        43 => "DS",
        44 => "SSHFP",
        45 => "IPSECKEY",
        46 => "RRSIG",
        47 => "NSEC",
        48 => "DNSKEY",
        49 => "DHCID",
        50 => "NSEC3",
        51 => "NSEC3PARAM",
        52 => "TLSA",
        53 => "SMIMEA",
        55 => "HIP",
        59 => "CDS",
        60 => "CDNSKEY",
        61 => "OPENPGPKEY",
        62 => "CSYNC",
        63 => "ZONEMD",
        64 => "SVCB",
        65 => "HTTPS",
        99 => "SPF",
        108 => "EUI48",
        109 => "EUI64",
        249 => "TKEY",
        250 => "TSIG",
        251 => "IXFR",
        252 => "AXFR",
        255 => "ANY",
        256 => "URI",
        257 => "CAA",
        _ => string.Create(CultureInfo.InvariantCulture, $"TYPE{type}"),
    };

    /// <summary>For example <c>NXDOMAIN</c>; <c>RCODE12</c> for an unassigned one; null while there was no response.</summary>
    public static string? ResponseCode(int? code) => code switch
    {
        null => null,
        0 => "NOERROR",
        1 => "FORMERR",
        2 => "SERVFAIL",
        3 => "NXDOMAIN",
        4 => "NOTIMP",
        5 => "REFUSED",
        6 => "YXDOMAIN",
        7 => "YXRRSET",
        8 => "NXRRSET",
        9 => "NOTAUTH",
        10 => "NOTZONE",
        11 => "DSOTYPENI",
        16 => "BADVERS",
        17 => "BADKEY",
        18 => "BADTIME",
        19 => "BADMODE",
        20 => "BADNAME",
        21 => "BADALG",
        22 => "BADTRUNC",
        23 => "BADCOOKIE",
        _ => string.Create(CultureInfo.InvariantCulture, $"RCODE{code}"),
    };

    /// <summary><c>answer</c>, <c>authority</c> or <c>additional</c>.</summary>
    public static string Section(DnsSection section) => section switch
    {
        DnsSection.Answer => "answer",
        DnsSection.Authority => "authority",
        _ => "additional",
    };
}

namespace PiTap.Model;

/// <summary>
/// Which of two names of the same host is believed. An order of its own, as the numbers of <see cref="HostSource"/> are stored and only
/// appended to: a new source takes the place here that it deserves.
/// </summary>
public sealed class NameTrust
{
    /// <summary>
    /// What the client said itself before what it was told, and that before what anybody on the link may announce. A cover says nothing of
    /// the host.
    /// </summary>
    private static readonly HostSource[] s_mostTrustedFirst =
    [
        HostSource.TlsSni,
        HostSource.QuicSni,
        HostSource.HttpHost,
        HostSource.SdRtn,
        HostSource.Certificate,
        HostSource.Dns,
        HostSource.Mdns,
        HostSource.EchCover,
        HostSource.None,
    ];

    private readonly byte[] _ranks = new byte[byte.MaxValue + 1];

    /// <summary>Makes an order of trust.</summary>
    /// <param name="mostTrustedFirst">The sources, each once. One that is left out is trusted less than all of these.</param>
    public NameTrust(IReadOnlyList<HostSource> mostTrustedFirst)
    {
        ArgumentNullException.ThrowIfNull(mostTrustedFirst);
        Array.Fill(_ranks, byte.MaxValue);
        for (int rank = 0; rank < mostTrustedFirst.Count; rank++)
        {
            ref byte place = ref _ranks[(int)mostTrustedFirst[rank]];
            if (place != byte.MaxValue)
                throw new ArgumentException($"'{mostTrustedFirst[rank]}' is ranked twice", nameof(mostTrustedFirst));
            place = (byte)rank;
        }
    }

    /// <summary>The order that PiTap goes by.</summary>
    public static NameTrust Order { get; } = new(s_mostTrustedFirst);

    /// <summary>All sources in this order.</summary>
    public static IReadOnlyList<HostSource> MostTrustedFirst => s_mostTrustedFirst;

    /// <summary>
    /// True if a name from <paramref name="source"/> takes the place of one from <paramref name="known"/>; of equal trust the first one
    /// stays.
    /// </summary>
    public bool IsMoreTrusted(HostSource source, HostSource known) => _ranks[(int)source] < _ranks[(int)known];

    /// <summary>The more trusted one of two sources.</summary>
    public HostSource MoreTrusted(HostSource a, HostSource b) => IsMoreTrusted(b, a) ? b : a;
}

namespace PiTap.Model;

/// <summary>
/// What a running capture looks like at one moment. Immutable: the capture replaces the whole of it at least four times a second while
/// something happens and once a second otherwise, so that whoever holds one reads in peace.
/// </summary>
public sealed record LiveState
{
    /// <summary>The newest contacts that <see cref="Contacts"/> always has.</summary>
    public const int MaxNewest = 32;

    /// <summary>The contacts with the highest rates that <see cref="Contacts"/> always has.</summary>
    public const int MaxBusiest = 32;

    /// <summary>The contacts with most bytes that <see cref="Contacts"/> always has.</summary>
    public const int MaxLargest = 32;

    /// <summary>Parties of each of the three orders that <see cref="Parties"/> always has.</summary>
    public const int MaxParties = 24;

    /// <summary>Devices in <see cref="Devices"/>: those that sent or received most recently.</summary>
    public const int MaxDevices = 64;

    /// <summary>Grows with each state. A reader that saw n has missed what was between n and this.</summary>
    public long Version { get; init; }

    /// <summary>When this was made by the daemon's clock, nanoseconds since the Unix epoch.</summary>
    public long AsOfNs { get; init; }

    /// <summary>How long the capture has been running by then, nanoseconds.</summary>
    public long UptimeNs { get; init; }

    /// <summary>
    /// The newest, the busiest and the largest contacts of the run, each once, newest first. Ask <see cref="Newest"/>,
    /// <see cref="Busiest"/> or <see cref="Largest"/> for one of the three.
    /// </summary>
    public IReadOnlyList<LiveContact> Contacts { get; init; } = [];

    /// <summary>
    /// The newest, the busiest and the largest parties of the run, each once, newest first; for one of the first two orders ask
    /// <see cref="NewestParties"/> or <see cref="BusiestParties"/>. Empty where nobody is there to say who is who.
    /// </summary>
    public IReadOnlyList<LiveParty> Parties { get; init; } = [];

    /// <summary>Devices of the run, the most recently active first.</summary>
    public IReadOnlyList<LiveDevice> Devices { get; init; } = [];

    /// <summary>How many there are in all.</summary>
    public LiveTotals Totals { get; init; } = new();

    /// <summary>Counters per source, cumulative for the run.</summary>
    public IReadOnlyList<SourceCounters> Sources { get; init; } = [];

    /// <summary>What was lost, evicted or rejected, cumulative for the run.</summary>
    public IReadOnlyList<LossCounter> Losses { get; init; } = [];

    /// <summary>Whether everything works.</summary>
    public LiveHealth Health { get; init; } = new();

    /// <summary>The contacts that were seen first most recently, at most <see cref="MaxNewest"/>.</summary>
    public IReadOnlyList<LiveContact> Newest(int count) =>
        [.. Contacts.OrderBy(static contact => contact.AgeNs).Take(Math.Min(count, MaxNewest))];

    /// <summary>The contacts with most bytes a second, then most bytes, at most <see cref="MaxBusiest"/>.</summary>
    public IReadOnlyList<LiveContact> Busiest(int count) =>
    [
        .. Contacts.OrderByDescending(static contact => contact.BytesPerSecond).ThenByDescending(static contact => contact.Bytes)
            .Take(Math.Min(count, MaxBusiest)),
    ];

    /// <summary>The contacts with most bytes, at most <see cref="MaxLargest"/>.</summary>
    public IReadOnlyList<LiveContact> Largest(int count) =>
        [.. Contacts.OrderByDescending(static contact => contact.Bytes).Take(Math.Min(count, MaxLargest))];

    /// <summary>The parties that were met first most recently, at most <see cref="MaxParties"/>.</summary>
    public IReadOnlyList<LiveParty> NewestParties(int count) =>
        [.. Parties.OrderBy(static party => party.AgeNs).Take(Math.Min(count, MaxParties))];

    /// <summary>The parties with most bytes a second, then most bytes, at most <see cref="MaxParties"/>.</summary>
    public IReadOnlyList<LiveParty> BusiestParties(int count) =>
    [
        .. Parties.OrderByDescending(static party => party.BytesPerSecond).ThenByDescending(static party => party.Bytes)
            .Take(Math.Min(count, MaxParties)),
    ];
}

/// <summary>What moves between a device and somebody, as of a <see cref="LiveState"/>.</summary>
public abstract record LiveTraffic
{
    /// <summary>What a person would call the device.</summary>
    public required string DeviceName { get; init; }

    /// <summary>Bytes a second from the device, over the latest seconds.</summary>
    public long UpPerSecond { get; init; }

    /// <summary>Bytes a second to the device, over the latest seconds.</summary>
    public long DownPerSecond { get; init; }

    /// <summary>How long it had been known at <see cref="LiveState.AsOfNs"/>, nanoseconds.</summary>
    public long AgeNs { get; init; }

    /// <summary>How long it had been silent by then, nanoseconds.</summary>
    public long IdleNs { get; init; }

    /// <summary>Bytes a second of both directions.</summary>
    public long BytesPerSecond => UpPerSecond + DownPerSecond;
}

/// <summary>Device x party, as of a <see cref="LiveState"/>: what came since the run began.</summary>
public sealed record LiveParty : LiveTraffic
{
    /// <summary>Hosts that <see cref="Record"/> names.</summary>
    public const int MaxHosts = 4;

    /// <summary>Device, party, hosts and counts. None is below nothing.</summary>
    public required PartyRecord Record { get; init; }

    /// <summary>Bytes of both directions.</summary>
    public long Bytes => Record.BytesUp + Record.BytesDown;
}

/// <summary>Device x host, as of a <see cref="LiveState"/>: what came since the run began.</summary>
public sealed record LiveContact : LiveTraffic
{
    /// <summary>Device, host, addresses and counts. None is below nothing.</summary>
    public required ContactRecord Record { get; init; }

    /// <summary>Bytes of both directions.</summary>
    public long Bytes => Record.BytesUp + Record.BytesDown;
}

/// <summary>A device, as of a <see cref="LiveState"/>.</summary>
public sealed record LiveDevice
{
    /// <summary>What is known of it.</summary>
    public required DeviceRecord Record { get; init; }

    /// <summary>Bytes from the device since the run began.</summary>
    public long BytesUp { get; init; }

    /// <summary>Bytes to the device since the run began.</summary>
    public long BytesDown { get; init; }

    /// <summary>Bytes a second from the device, over the latest seconds.</summary>
    public long UpPerSecond { get; init; }

    /// <summary>Bytes a second to the device, over the latest seconds.</summary>
    public long DownPerSecond { get; init; }

    /// <summary>How long it had been known at <see cref="LiveState.AsOfNs"/>, nanoseconds.</summary>
    public long AgeNs { get; init; }

    /// <summary>How long it had been silent by then, nanoseconds.</summary>
    public long IdleNs { get; init; }
}

/// <summary>How many there are in all, also of what a <see cref="LiveState"/> has no room for.</summary>
public sealed record LiveTotals
{
    /// <summary>Contacts kept.</summary>
    public int Contacts { get; init; }

    /// <summary>Contacts that gave way to others; what they had is in the store alone.</summary>
    public long ContactsEvicted { get; init; }

    /// <summary>Parties kept.</summary>
    public int Parties { get; init; }

    /// <summary>Parties that gave way to others.</summary>
    public long PartiesEvicted { get; init; }

    /// <summary>Devices kept.</summary>
    public int Devices { get; init; }

    /// <summary>Devices that gave way to others.</summary>
    public long DevicesEvicted { get; init; }

    /// <summary>Flows that moved in the last half second.</summary>
    public int FlowsActive { get; init; }

    /// <summary>Bytes a second from all devices, over the latest seconds.</summary>
    public long UpPerSecond { get; init; }

    /// <summary>Bytes a second to all devices, over the latest seconds.</summary>
    public long DownPerSecond { get; init; }
}

/// <summary>Whether everything works, as of a <see cref="LiveState"/>.</summary>
public sealed record LiveHealth
{
    /// <summary>Sentences in <see cref="Notices"/>.</summary>
    public const int MaxNotices = 16;

    /// <summary>How long ago the latest packet came, nanoseconds; null before the first one.</summary>
    public long? SinceLastPacketNs { get; init; }

    /// <summary>True while the disk refuses: records are pending in memory.</summary>
    public bool IsStoreWaiting { get; init; }

    /// <summary>Records that the store had no room for.</summary>
    public long StoreRecordsLost { get; init; }

    /// <summary>Interfaces that ended for good, a sentence for each.</summary>
    public IReadOnlyList<string> Failures { get; init; } = [];

    /// <summary>What capture and store last had to say, oldest first.</summary>
    public IReadOnlyList<LiveNotice> Notices { get; init; } = [];
}

/// <summary>A sentence of the daemon's.</summary>
/// <param name="TimeNs">When, by the daemon's clock, nanoseconds since the Unix epoch.</param>
/// <param name="Text">The sentence.</param>
public sealed record LiveNotice(long TimeNs, string Text);

/// <summary>Where the state of a running capture is read: in its process, or through the daemon's socket.</summary>
public interface ILiveStateReader
{
    /// <summary>
    /// The present state at once, then each newer one. Who is slow gets the newest and never a backlog. Ends with the capture, or on
    /// request.
    /// </summary>
    IAsyncEnumerable<LiveState> WatchAsync(CancellationToken cancellation);
}

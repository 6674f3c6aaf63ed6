using System.CommandLine;
using PiTap.Analysis;
using PiTap.Capture.Live;
using PiTap.Host.Arguments;
using PiTap.Host.Live;
using PiTap.Store;

namespace PiTap.Host.Commands;

/// <summary>What `pitap live` was told.</summary>
/// <param name="Captures">One for each interface.</param>
/// <param name="Analysis">For all of them.</param>
/// <param name="Db">The store's file.</param>
/// <param name="RetainDays">Null for the store's default.</param>
/// <param name="MaxSizeBytes">Null for the store's default.</param>
/// <param name="Duration">Null for no end.</param>
/// <param name="FlushInterval">How old counters may be in the store.</param>
/// <param name="Profile">The app that devices are taken to run; null for none.</param>
internal sealed record LiveSettings(
    IReadOnlyList<LiveCaptureOptions> Captures, AnalysisOptions Analysis, string Db, int? RetainDays, long? MaxSizeBytes,
    TimeSpan? Duration, TimeSpan FlushInterval, string? Profile)
{
    /// <summary>The store's options; its notices go where the caller says.</summary>
    public StoreOptions Store(Action<string> notice)
    {
        StoreOptions defaults = new() { Path = Db };
        return new StoreOptions
        {
            Path = Db,
            RetainDays = RetainDays ?? defaults.RetainDays,
            MaxSizeBytes = MaxSizeBytes ?? defaults.MaxSizeBytes,
            Notice = notice,
        };
    }
}

/// <summary>The options of `pitap live`.</summary>
internal sealed class LiveOptions
{
    private const int MaxRetainDays = 36_500;
    private const int MaxInterfaceNameLength = 15;
    private const int DefaultFlushSeconds = 15;
    private const int MaxFlushSeconds = 3_600;

    private static readonly LiveCaptureOptions s_capture = new() { Interface = "any" };
    private static readonly StoreOptions s_store = new() { Path = "any" };

    private readonly Option<string[]> _interfaces = new("--interface", "-i")
    {
        Description = "The interface to listen on; give it again for another one.",
        HelpName = "NAME",
        Required = true,
        AllowMultipleArgumentsPerToken = false,
        CustomParser = static result =>
        {
            string[] names = [.. result.Tokens.Select(static token => token.Value).Distinct(StringComparer.Ordinal)];
            foreach (string name in names)
            {
                // What Linux takes as a name: dev_valid_name in net/core/dev.c.
                if (name.Length is 0 or > MaxInterfaceNameLength || name is "." or ".." || name.AsSpan().ContainsAny(" /:\t\n"))
                    result.AddError($"--interface: '{name}' is no interface name.");
            }
            return names;
        },
    };

    private readonly Option<string?> _filter = new("--filter")
    {
        Description = "Capture only what matches this filter, as tcpdump writes them: \"host 10.0.0.2\" (default: everything).",
        HelpName = "BPF",
        CustomParser = static result => CommonOptions.NotEmpty(result, CommonOptions.Single(result)),
    };

    private readonly Option<int?> _snapLength = CommonOptions.Number(
        "--snaplen", "N", $"Bytes kept of each packet (default: {s_capture.SnapLengthBytes}).",
        LiveCaptureOptions.MinSnapLengthBytes, LiveCaptureOptions.MaxSnapLengthBytes);

    private readonly Option<long?> _buffer = CommonOptions.Size(
        "--buffer", $"The kernel's buffer for packets that wait (default: {ByteSize.Format(s_capture.KernelBufferBytes)}).",
        LiveCaptureOptions.MinKernelBufferBytes,
        LiveCaptureOptions.MaxKernelBufferBytes);

    private readonly Option<bool> _noPromiscuous = new("--no-promiscuous") { Description = "See only packets to and from this machine." };

    private readonly Option<ClientFilter?> _clients = CommonOptions.Clients();

    private readonly Option<string[]> _ignore = CommonOptions.Ignore();

    private readonly Option<int[]?> _managementPorts = CommonOptions.Ports(
        "--management-ports", "This machine's own ports whose traffic the kernel leaves out, separated by commas (default: "
        + $"{string.Join(',', s_capture.ManagementPorts)}); none: capture that too.");

    private readonly Option<string> _db = CommonOptions.Db();

    private readonly Option<long?> _duration = CommonOptions.DurationOption(
        "--duration", "End after this time: 30s, 5m, 2h, 1d (default: at Ctrl-C).");

    private readonly Option<int?> _flushInterval = CommonOptions.Number(
        "--flush-interval", "SECONDS", "Write to the store at least so often how much went; what is new is written within a second "
        + $"(default: {DefaultFlushSeconds}).", 1, MaxFlushSeconds);

    private readonly Option<FlowTimeout?> _flowTimeout = CommonOptions.FlowTimeoutOption();

    private readonly Option<int?> _retainDays = CommonOptions.Number(
        "--retain-days", "N", $"Delete what is older than this, in days (default: {s_store.RetainDays}).", 1, MaxRetainDays);

    private readonly Option<long?> _maxSize = CommonOptions.Size(
        "--max-size", $"Delete the oldest records above this size of the store (default: {ByteSize.Format(s_store.MaxSizeBytes ?? 0)}).",
        StoreOptions.MinMaxSizeBytes, long.MaxValue);

    private readonly Option<string?> _profile = CommonOptions.Profile();

    public void AddTo(Command command)
    {
        foreach (Option option in (Option[])
            [_interfaces, _filter, _snapLength, _buffer, _noPromiscuous, _clients, _ignore, _managementPorts, _db, _duration,
                _flushInterval, _flowTimeout, _retainDays, _maxSize, _profile])
            command.Add(option);
    }

    public LiveSettings Read(ParseResult parsed, Action<string> notice)
    {
        string[] interfaces = parsed.GetRequiredValue(_interfaces);
        long? durationNs = parsed.GetValue(_duration);
        return new LiveSettings(
            [.. interfaces.Select(name => Capture(parsed, name, notice))],
            AnalysisSetup.Options(
                parsed.GetValue(_flowTimeout), parsed.GetValue(_clients), parsed.GetValue(_ignore), new OwnAddresses().Contains),
            CommonOptions.StorePath(parsed, _db),
            parsed.GetValue(_retainDays),
            parsed.GetValue(_maxSize),
            durationNs is null ? null : TimeSpan.FromTicks(durationNs.Value / 100),
            TimeSpan.FromSeconds(parsed.GetValue(_flushInterval) ?? DefaultFlushSeconds),
            parsed.GetValue(_profile));
    }

    private LiveCaptureOptions Capture(ParseResult parsed, string name, Action<string> notice)
    {
        LiveCaptureOptions defaults = new() { Interface = name };
        return new LiveCaptureOptions
        {
            Interface = name,
            Filter = parsed.GetValue(_filter),
            SnapLengthBytes = parsed.GetValue(_snapLength) ?? defaults.SnapLengthBytes,
            KernelBufferBytes = (int?)parsed.GetValue(_buffer) ?? defaults.KernelBufferBytes,
            Promiscuous = !parsed.GetValue(_noPromiscuous),
            // An absent list is read as an empty one, which would mean "none".
            ManagementPorts = parsed.GetResult(_managementPorts) is null ? defaults.ManagementPorts
                : parsed.GetValue(_managementPorts) ?? [],
            Notice = notice,
        };
    }
}

using PiTap.Analysis.Attribution;
using PiTap.Export;
using PiTap.Host.Arguments;
using PiTap.Host.Output;
using PiTap.Model;

namespace PiTap.Host.Commands;

/// <summary>One kind of record, as a verb prints it: how it is read, what it can be asked for by, how it is sorted and drawn.</summary>
/// <param name="Verb">The verb.</param>
/// <param name="Noun">What one record is called.</param>
/// <param name="Description">What the verb does.</param>
internal sealed record RecordKind<T>(string Verb, string Noun, string Description)
{
    /// <summary>Reads them; who they are about is worked out only where that is asked for.</summary>
    public required Func<IStoreReader, StoreQuery, Lazy<Attributor>, IEnumerable<T>> Read { get; init; }

    /// <summary>Who it is about; null for a kind that is about nobody outside.</summary>
    public Func<T, PartyAttribution?>? Who { get; init; }

    public required Func<T, string> Device { get; init; }

    /// <summary>The run that it belongs to; null for a kind that is rolled up over all runs, see <see cref="OfRun"/>.</summary>
    public Func<T, int>? Run { get; init; }

    /// <summary>For such a kind: what the flows of one run come to.</summary>
    public Func<IStoreReader, IEnumerable<FlowRecord>, Lazy<Attributor>, IEnumerable<T>>? OfRun { get; init; }

    /// <summary>Whether it is about a host; null if the kind knows none.</summary>
    public Func<T, HostPattern, bool>? IsHost { get; init; }

    /// <summary>Whether the verdict was found in it; null if the kind has none.</summary>
    public Func<T, Verdict, bool>? HasVerdict { get; init; }

    /// <summary>Whether it spoke a protocol; null if the kind knows none.</summary>
    public Func<T, string, bool>? Speaks { get; init; }

    /// <summary>True if <see cref="Speaks"/> knows TCP and UDP too: what is rolled up over flows does not keep them.</summary>
    public bool HasTransport { get; init; }

    /// <summary>Whether it is the local network's own traffic; null if the kind knows no such thing.</summary>
    public Func<LocalTraffic, T, bool>? IsLocal { get; init; }

    /// <summary>Adds one such to the sum.</summary>
    public Action<LocalTraffic, T>? AddLocal { get; init; }

    /// <summary>What it can be sorted by; the first one is how tables begin.</summary>
    public required (string Name, Comparison<T> Compare)[] Orders { get; init; }

    /// <summary>True if a table is sorted by the first order; else records come as the store has them.</summary>
    public bool IsTableSorted { get; init; }

    /// <summary>With what countries are called, by their codes.</summary>
    public required Func<Surface, Roster, Func<string, string>, IRecordWriter<T>> Table { get; init; }

    /// <summary>A sentence below a table; null for none.</summary>
    public string? Legend { get; init; }

    public required Func<Stream, IRecordWriter<T>> JsonLines { get; init; }

    public required Func<Stream, IRecordWriter<T>> Csv { get; init; }
}

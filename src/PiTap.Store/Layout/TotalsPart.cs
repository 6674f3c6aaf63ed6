using PiTap.Model;
using PiTap.Store.Columns;

namespace PiTap.Store.Layout;

/// <summary>
/// What one flush adds to contacts and minutes, and the states of the devices that changed: columns in a document of the journal, until
/// it is folded.
/// </summary>
internal sealed record TotalsPart(
    IReadOnlyCollection<ContactRecord> Contacts, IReadOnlyCollection<MinuteRecord> Minutes, IReadOnlyCollection<DeviceRecord> Devices)
{
    /// <summary>The most contacts, minutes and devices that one part holds, each.</summary>
    private const int MaxRows = 16_384;

    /// <summary>The most bytes of one part, which shares a document with flows and lookups.</summary>
    public const int MaxBytes = 4 << 20;

    /// <summary>As bytes, several if there are more than one part may hold.</summary>
    public IEnumerable<byte[]> Encode(TotalsEncoder encoder)
    {
        int most = Math.Max(Contacts.Count, Math.Max(Minutes.Count, Devices.Count));
        byte[]? whole = most is > 0 and <= MaxRows ? encoder.Encode(this) : null;
        if (most == 0 || whole is not null)
            return whole is null ? [] : [whole];
        if (most == 1)
            throw new InvalidOperationException("One total is larger than a part may be.");
        int rows = most > MaxRows ? MaxRows : (most + 1) / 2;
        return Enumerable.Range(0, (most + rows - 1) / rows).Select(i => i * rows).SelectMany(at =>
            new TotalsPart(Part(Contacts, at, rows), Part(Minutes, at, rows), Part(Devices, at, rows)).Encode(encoder));
    }

    /// <summary>The part that these bytes hold. An <see cref="InvalidDataException"/> if they hold none.</summary>
    public static TotalsPart Decode(ReadOnlySpan<byte> framed)
    {
        TableSource source = TableSource.Unwrap(framed);
        if (source.Format == 1)
            return DecodeFormatOne(source);
        return new TotalsPart(
            source.ReadFirst<ContactRecord, ContactSchema>(),
            source.ReadNext<MinuteRecord, MinuteSchema>(),
            source.ReadNext<DeviceRecord, DeviceSchema>());
    }

    private static TotalsPart DecodeFormatOne(TableSource source)
    {
        int[] counts = source.ReadCounts(3);
        TableReader contacts = source.OpenInline<ContactRecord, ContactSchema>(before: null);
        ContactRecord[] contactRows = Rows<ContactRecord, ContactSchema>(contacts, counts[0]);
        TableReader minutes = source.OpenInline<MinuteRecord, MinuteSchema>(contacts);
        MinuteRecord[] minuteRows = Rows<MinuteRecord, MinuteSchema>(minutes, counts[1]);
        return new TotalsPart(contactRows, minuteRows, Rows<DeviceRecord, DeviceSchema>(source.OpenInline<DeviceRecord, DeviceSchema>(minutes), counts[2]));
    }

    private static T[] Rows<T, TSchema>(TableReader table, int count)
        where TSchema : struct, IRowSchema<T>
    {
        T[] rows = new T[count];
        for (int i = 0; i < count; i++)
            rows[i] = table.Read<T, TSchema>();
        return rows;
    }

    private static T[] Part<T>(IReadOnlyCollection<T> rows, int at, int count) => [.. rows.Skip(at).Take(count)];
}

/// <summary>The writing side of <see cref="TotalsPart"/>, with its buffers.</summary>
internal sealed class TotalsEncoder
{
    private readonly ColumnCodec _codec = new();
    private readonly TableWriter _contacts;
    private readonly TableWriter _minutes;
    private readonly TableWriter _devices;

    public TotalsEncoder()
    {
        _contacts = new TableWriter(_codec);
        _minutes = new TableWriter(_codec);
        _devices = new TableWriter(_codec);
    }

    /// <summary>Null if they are more than a part may hold.</summary>
    public byte[]? Encode(TotalsPart part)
    {
        _codec.Begin();
        _contacts.Clear();
        _minutes.Clear();
        _devices.Clear();
        foreach (ContactRecord contact in part.Contacts)
            _contacts.Add<ContactRecord, ContactSchema>(contact);
        foreach (MinuteRecord minute in part.Minutes)
            _minutes.Add<MinuteRecord, MinuteSchema>(minute);
        foreach (DeviceRecord device in part.Devices)
            _devices.Add<DeviceRecord, DeviceSchema>(device);
        if (_codec.IsTooLarge)
            return null;
        ReadOnlySpan<byte> raw = _codec.Join((_contacts, part.Contacts.Count), (_minutes, part.Minutes.Count), (_devices, part.Devices.Count));
        byte[]? framed = raw.Length <= BlockFrame.MaxRawBytes ? BlockFrame.Wrap(raw) : null;
        return framed is { Length: <= TotalsPart.MaxBytes } ? framed : null;
    }
}

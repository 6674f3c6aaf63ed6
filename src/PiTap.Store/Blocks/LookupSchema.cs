using PiTap.Model;
using PiTap.Store.Columns;

namespace PiTap.Store.Blocks;

/// <summary>A name lookup with its run, column by column.</summary>
internal readonly struct LookupSchema : IRowSchema<StoredRow<NameLookup>>
{
    public static StoredRow<NameLookup> Blank { get; } = new(0, new NameLookup
    {
        Sequence = 0,
        TimeNs = 0,
        Device = "",
        AppProto = AppProtocol.Unknown,
        Protocol = 0,
        Client = default,
        ClientPort = 0,
        Server = default,
        ServerPort = 0,
        Name = "",
        Type = 0,
    });

    public static int FormatOneColumns => 14;

    public static StoredRow<NameLookup> Visit<TColumns>(TColumns columns, StoredRow<NameLookup> row)
        where TColumns : struct, IColumns
    {
        NameLookup lookup = row.Record;
        int run;
        return new StoredRow<NameLookup>(run = unchecked((int)columns.Delta("run", row.Run)), new NameLookup
        {
            Run = run,
            Sequence = columns.Delta("sequence", lookup.Sequence),
            TimeNs = columns.Delta("time", lookup.TimeNs),
            Device = columns.Text("device", lookup.Device) ?? "",
            AppProto = KnownKinds.AppProto(columns.Byte("appProto", (byte)lookup.AppProto)),
            Protocol = columns.Byte("protocol", lookup.Protocol),
            Client = columns.Address("client", lookup.Client),
            ClientPort = columns.UInt16("clientPort", lookup.ClientPort),
            Server = columns.Address("server", lookup.Server),
            ServerPort = columns.UInt16("serverPort", lookup.ServerPort),
            Name = columns.Text("name", lookup.Name) ?? "",
            Type = columns.UInt16("type", lookup.Type),
            // A response code is never negative, so that -1 can stand for "no response was seen".
            ResponseCode = columns.Int("responseCode", lookup.ResponseCode ?? -1) is >= 0 and long code ? unchecked((int)code) : null,
            Answers = columns.List<NameAnswer, NameAnswerSchema>("answers", lookup.Answers),
            Source = columns.Text("source", lookup.Source),
        });
    }
}

/// <summary>An answer in a lookup's list, column by column.</summary>
internal readonly struct NameAnswerSchema : IRowSchema<NameAnswer>
{
    public static NameAnswer Blank { get; } = new("", 0, "", 0);

    public static int FormatOneColumns => 5;

    public static NameAnswer Visit<TColumns>(TColumns columns, NameAnswer answer)
        where TColumns : struct, IColumns => new(
            Name: columns.Text("name", answer.Name) ?? "",
            Type: columns.UInt16("type", answer.Type),
            Value: columns.Text("value", answer.Value) ?? "",
            TimeToLiveSeconds: unchecked((uint)columns.Int("timeToLive", answer.TimeToLiveSeconds)),
            Section: (DnsSection)columns.Byte("section", (byte)answer.Section));
}

using System.Text.Json;
using System.Text.Json.Serialization;
using PiTap.Model;

namespace PiTap.Host.Remote;

/// <summary>
/// Records as they cross the socket: every field, exactly. Between one version of PiTap and itself, no contract with others.
/// </summary>
[JsonSourceGenerationOptions(
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    IgnoreReadOnlyProperties = true,
    Converters = [typeof(IpAddressConverter)])]
[JsonSerializable(typeof(StoreRequest))]
[JsonSerializable(typeof(StoreReply))]
[JsonSerializable(typeof(FlowRecord))]
[JsonSerializable(typeof(NameLookup))]
[JsonSerializable(typeof(ContactRecord))]
[JsonSerializable(typeof(DeviceRecord))]
[JsonSerializable(typeof(MinuteRecord))]
[JsonSerializable(typeof(RunRecord))]
[JsonSerializable(typeof(StoreInfo))]
[JsonSerializable(typeof(LiveState))]
[JsonSerializable(typeof(ForgottenRecords))]
internal sealed partial class RecordJson : JsonSerializerContext;

/// <summary>What a client asks, one line.</summary>
/// <param name="Verb">One of <see cref="DaemonVerbs"/>.</param>
/// <param name="Query">Which part of the store; null for everything.</param>
/// <param name="Device">Which device a command is about; null for questions.</param>
internal sealed record StoreRequest(string Verb, StoreQuery? Query = null, string? Device = null);

/// <summary>The last line of an answer; before it stand the records, one a line.</summary>
/// <param name="Count">How many records came before it.</param>
/// <param name="Error">Why there are not more; null if all came.</param>
/// <param name="DamagedBlocks">Parts of the store that were left out because they are damaged.</param>
/// <param name="IsBusy">True if the same request may be answered a moment later.</param>
internal sealed record StoreReply(long Count, string? Error, int DamagedBlocks = 0, bool IsBusy = false);

/// <summary>What can be asked for, and the marks and limits of the conversation.</summary>
internal static class DaemonVerbs
{
    public const string Flows = "flows";
    public const string Lookups = "lookups";
    public const string Contacts = "contacts";
    public const string Devices = "devices";
    public const string Minutes = "minutes";
    public const string Runs = "runs";
    public const string Info = "info";

    /// <summary>The live state, a line for each change, until either side ends it.</summary>
    public const string Watch = "watch";

    /// <summary>Forgets a device.</summary>
    public const string Forget = "forget";

    /// <summary>Added to the path of a store's file.</summary>
    public const string SocketSuffix = ".sock";

    /// <summary>First character of the last line. Record lines begin with a brace.</summary>
    public const byte EndMark = (byte)'=';

    /// <summary>Bytes of a request.</summary>
    public const int MaxRequestBytes = 64 * 1024;
}

/// <summary>Sixteen bytes as the usual text.</summary>
internal sealed class IpAddressConverter : JsonConverter<IpAddress>
{
    public override IpAddress Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        IpAddress.TryParse(reader.GetString(), out IpAddress address) ? address : throw new JsonException("no address");

    public override void Write(Utf8JsonWriter writer, IpAddress value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.ToString());
}

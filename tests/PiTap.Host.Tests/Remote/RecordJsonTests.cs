using System.Text.Json;
using System.Text.Json.Serialization;
using PiTap.Host.Remote;
using PiTap.TestKit;

namespace PiTap.Host.Tests.Remote;

/// <summary>Whatever crosses the socket arrives with every field.</summary>
public sealed class RecordJsonTests
{
    /// <summary>The types that the source of the serialiser is generated for.</summary>
    public static TheoryData<Type> Kinds() =>
    [
        .. typeof(RecordJson).GetCustomAttributesData()
            .Where(static attribute => attribute.AttributeType == typeof(JsonSerializableAttribute))
            .Select(static attribute => (Type)attribute.ConstructorArguments[0].Value!),
    ];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_record_crosses_the_socket_with_every_field(Type kind)
    {
        object record = new RecordFiller().Fill(kind);
        byte[] line = JsonSerializer.SerializeToUtf8Bytes(record, kind, RecordJson.Default);
        object? read = JsonSerializer.Deserialize(line, kind, RecordJson.Default);
        // By another serialiser, which leaves nothing out.
        Assert.Equal(JsonSerializer.Serialize(record, kind), JsonSerializer.Serialize(read, kind));
    }
}

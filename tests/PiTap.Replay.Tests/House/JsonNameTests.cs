using System.Reflection;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using PiTap.Export;
using PiTap.Model;
using PiTap.TestKit;

namespace PiTap.Replay.Tests.House;

/// <summary>What `--format jsonl` prints stands in the README, name by name, and every field of a record is printed.</summary>
public sealed partial class JsonNameTests
{
    /// <summary>Fields that no line shows, each with the reason.</summary>
    private static readonly Dictionary<string, string> s_notPrinted = new(StringComparer.Ordinal)
    {
        ["FlowRecord.IsReduced"] = "marks a flow that is to be forgotten",
    };

    public static TheoryData<string, Type> Kinds() => new()
    {
        { "flows", typeof(FlowRecord) },
        { "contacts", typeof(ContactRecord) },
        { "parties", typeof(PartyRecord) },
        { "devices", typeof(DeviceRecord) },
        { "names", typeof(NameLookup) },
    };

    [Theory]
    [MemberData(nameof(Kinds))]
    public void The_README_has_a_row_for_each_name_and_no_other(string kind, Type record)
    {
        (string[] Names, string Meaning)[] rows = [.. Rows(kind)];
        using JsonDocument line = JsonDocument.Parse(Line(new RecordFiller().Fill(record)));
        foreach (JsonProperty property in line.RootElement.EnumerateObject())
        {
            (_, string meaning) = Assert.Single(rows, row => row.Names.Contains(property.Name));
            foreach (string inner in Names(property.Value))
                Assert.Contains($"`{inner}`", meaning, StringComparison.Ordinal);
        }
        Assert.Empty(rows.SelectMany(static row => row.Names)
            .Except(line.RootElement.EnumerateObject().Select(static property => property.Name)));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_line_shows_every_field_or_there_is_a_reason(string kind, Type record)
    {
        string whole = Line(new RecordFiller().Fill(record));
        foreach (PropertyInfo property in RecordFiller.Properties(record))
        {
            object other = new RecordFiller().Fill(record);
            property.SetValue(other, Empty(property.PropertyType));
            bool isShown = Line(other) != whole;
            Assert.True(isShown != s_notPrinted.ContainsKey($"{record.Name}.{property.Name}"), $"{kind}: {record.Name}.{property.Name}");
        }
    }

    private static object? Empty(Type type)
    {
        if (type == typeof(string))
            return "";
        if (type == typeof(PartyAttribution))
            return new PartyAttribution { Party = "", PartyReason = "", RoleReason = "" };
        return type.IsValueType ? Activator.CreateInstance(type) : Array.CreateInstance(type.GetGenericArguments()[0], 0);
    }

    private static string Line(object record) => record switch
    {
        FlowRecord flow => Line(JsonLines.Flows, flow),
        ContactRecord contact => Line(JsonLines.Contacts, contact),
        PartyRecord party => Line(JsonLines.Parties, party),
        DeviceRecord device => Line(JsonLines.Devices, device),
        _ => Line(JsonLines.Names, (NameLookup)record),
    };

    private static string Line<T>(Func<Stream, IRecordWriter<T>> open, T record)
    {
        using MemoryStream bytes = new();
        using (IRecordWriter<T> writer = open(bytes))
            writer.Write(record);
        return Encoding.UTF8.GetString(bytes.ToArray());
    }

    /// <summary>The names of all objects in a value.</summary>
    private static IEnumerable<string> Names(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Array => value.EnumerateArray().SelectMany(Names).Distinct(),
        JsonValueKind.Object => value.EnumerateObject().SelectMany(static property => Names(property.Value).Prepend(property.Name)),
        _ => [],
    };

    /// <summary>The rows of a kind's table in the README: the names in the first cell, and what is said of them.</summary>
    private static IEnumerable<(string[] Names, string Meaning)> Rows(string kind) =>
        File.ReadLines(Path.Combine(Repository.Root, "README.md"))
            .SkipWhile(line => line != $"| `{kind}` | meaning |").Skip(2).TakeWhile(static line => line.StartsWith('|'))
            .Select(static line => line.Split('|', 3))
            .Select(static cells => (Quoted().Matches(cells[1]).Select(static match => match.Groups[1].Value).ToArray(), cells[2]));

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex Quoted();
}

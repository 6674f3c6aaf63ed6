using System.Globalization;
using System.Reflection;

namespace PiTap.Model.Tests;

public sealed class RecordFieldsTests
{
    [Fact]
    public void Each_property_of_counters_and_of_reasons_is_a_field_that_goes_both_ways()
    {
        SourceCounters source = Filled(RecordFields.BlankSource with { });
        Copy sources = Recorded(fields => RecordFields.Visit(fields, source), typeof(SourceCounters));
        Assert.Equal(source, RecordFields.Visit(sources, RecordFields.BlankSource));
        RejectRecord reject = Filled(RecordFields.BlankReject with { });
        Copy rejects = Recorded(fields => RecordFields.Visit(fields, reject), typeof(RejectRecord));
        Assert.Equal(reject, RecordFields.Visit(rejects, RecordFields.BlankReject));
    }

    private static Copy Recorded(Action<Copy> visit, Type type)
    {
        Dictionary<string, object> values = [];
        visit(new Copy(values));
        Assert.Equal(type.GetProperties().Length, values.Count);
        return new Copy(values);
    }

    /// <summary>A record whose properties all differ.</summary>
    private static T Filled<T>(T record)
    {
        int number = 0;
        foreach (PropertyInfo property in typeof(T).GetProperties())
        {
            number++;
            if (property.PropertyType == typeof(string))
                property.SetValue(record, $"text {number}");
            else
                property.SetValue(record, Convert.ChangeType(number, property.PropertyType, CultureInfo.InvariantCulture));
        }
        return record;
    }

    /// <summary>Keeps what is written and returns what is kept.</summary>
    private readonly struct Copy(Dictionary<string, object> values) : IFields
    {
        public string Text(string name, string value) => (string)Value(name, value);

        public string? TextOrNull(string name, string? value) => (string)Value(name, value ?? "");

        public long Number(string name, long value) => (long)Value(name, value);

        public long Time(string name, long value) => (long)Value(name, value);

        private object Value(string name, object value)
        {
            if (!values.TryGetValue(name, out object? kept))
                values.Add(name, kept = value);
            return kept;
        }
    }
}

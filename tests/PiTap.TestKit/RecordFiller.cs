using System.Collections;
using System.Reflection;
using System.Runtime.CompilerServices;
using PiTap.Model;

namespace PiTap.TestKit;

/// <summary>
/// Makes records each of whose properties holds a value of its own, found by reflection: what somebody adds to a record is filled without a
/// word here, and a round trip that forgets it brings back something else.
/// </summary>
public sealed class RecordFiller
{
    private const int ItemsInList = 2;

    /// <summary>What readers work out.</summary>
    private static readonly string[] s_workedOut =
        [nameof(FlowRecord.Attribution), nameof(DeviceRecord.Vendor), nameof(DeviceRecord.VendorReason)];

    private int _number;

    /// <summary>False for records as they are stored: who somebody is, is worked out when they are read.</summary>
    public bool IsAttributed { get; init; } = true;

    /// <summary>A record of this kind, with the records inside it.</summary>
    public T Fill<T>() => (T)Fill(typeof(T));

    /// <summary>A value of this type that is not its default. Only of enumerations and truth values there are too few to differ.</summary>
    public object Fill(Type type)
    {
        ArgumentNullException.ThrowIfNull(type);
        type = Nullable.GetUnderlyingType(type) ?? type;
        int number = ++_number;
        if (type == typeof(string))
            return $"text {number}";
        if (type == typeof(bool))
            return true;
        if (type == typeof(IpAddress))
            return IpAddress.FromV4(0x0a00_0000u + (uint)number);
        if (type.IsEnum)
            return Kind(type, number);
        if (type.IsPrimitive)
            return Convert.ChangeType(type == typeof(byte) ? 1 + number % byte.MaxValue : number, type, provider: null);
        return type.IsGenericType && type.IsAssignableTo(typeof(IEnumerable)) ? List(type.GetGenericArguments()[0]) : Record(type);
    }

    /// <summary>The properties of a record that hold something; the others are computed from these.</summary>
    public static IEnumerable<PropertyInfo> Properties(Type record)
    {
        ArgumentNullException.ThrowIfNull(record);
        return record.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(static property => property.SetMethod is not null);
    }

    private static object Kind(Type type, int number)
    {
        object[] kinds = [.. Enum.GetValues(type).Cast<object>().Where(static kind => Convert.ToInt64(kind, provider: null) != 0)];
        return kinds[number % kinds.Length];
    }

    private Array List(Type item)
    {
        Array list = Array.CreateInstance(item, ItemsInList);
        for (int i = 0; i < list.Length; i++)
            list.SetValue(Fill(item), i);
        return list;
    }

    private object Record(Type type)
    {
        object record = RuntimeHelpers.GetUninitializedObject(type);
        foreach (PropertyInfo property in Properties(type))
        {
            if (IsAttributed || !s_workedOut.Contains(property.Name))
                property.SetValue(record, Fill(property.PropertyType));
        }
        return record;
    }
}

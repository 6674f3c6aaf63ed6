namespace PiTap.Analysis.Naming;

/// <summary>Names of apps as text, each made once. The ones made longest ago give way: they are made again where they are met.</summary>
internal sealed class AppNames
{
    /// <summary>Names that are kept.</summary>
    private const int KeptNames = 256;

    /// <summary>Bytes that a character of UTF-8 may lack where a name was cut.</summary>
    private const int CutBytes = 3;

    private readonly (byte[] Bytes, string Text)[] _names = new (byte[], string)[KeptNames];
    private int _count;
    private int _next;

    public string Get(ReadOnlySpan<byte> name)
    {
        foreach ((byte[] bytes, string text) in _names.AsSpan(0, _count))
        {
            if (name.SequenceEqual(bytes))
                return text;
        }
        string made = DeviceNames.Text(Whole(name));
        _names[_next] = (name.ToArray(), made);
        _next = (_next + 1) % KeptNames;
        _count = Math.Max(_count, _next == 0 ? KeptNames : _next);
        return made;
    }

    /// <summary>Without the part of a character that a fixed field cut.</summary>
    private static ReadOnlySpan<byte> Whole(ReadOnlySpan<byte> name)
    {
        for (int cut = 0; cut <= CutBytes && cut < name.Length; cut++)
        {
            if (System.Text.Unicode.Utf8.IsValid(name[..^cut]))
                return name[..^cut];
        }
        return name;
    }
}

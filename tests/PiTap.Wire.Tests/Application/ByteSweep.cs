namespace PiTap.Wire.Tests.Application;

/// <summary>Runs a reader over what may become of good bytes: cut anywhere, any byte changed.</summary>
internal static class ByteSweep
{
    /// <summary>Hands over every shorter prefix, the empty one first.</summary>
    public static void EachPrefix(byte[] bytes, Action<byte[]> check)
    {
        for (int length = 0; length < bytes.Length; length++)
            check(bytes[..length]);
    }

    /// <summary>Hands over the bytes with each one changed to every other value in turn.</summary>
    public static void EachChange(byte[] bytes, Action<byte[]> check)
    {
        byte[] changed = [.. bytes];
        for (int i = 0; i < bytes.Length; i++)
        {
            for (int difference = 1; difference < 256; difference++)
            {
                changed[i] = (byte)(bytes[i] ^ difference);
                check(changed);
            }
            changed[i] = bytes[i];
        }
    }
}

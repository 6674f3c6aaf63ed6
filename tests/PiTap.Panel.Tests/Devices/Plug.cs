namespace PiTap.Panel.Tests.Devices;

/// <summary>What is between a program and an emulated chip: it can be pulled, or break after so many bytes.</summary>
internal sealed class Plug
{
    private long _bytesLeft = long.MaxValue;

    /// <summary>Bytes that went through.</summary>
    public long Bytes { get; private set; }

    /// <summary>From now on so many bytes go through, and then nothing.</summary>
    public void BreakAfter(long bytes) => _bytesLeft = bytes;

    public void Mend() => _bytesLeft = long.MaxValue;

    /// <summary>Gives a chip what goes through, byte by byte, and fails like the kernel's drivers do.</summary>
    public void Pass(ReadOnlySpan<byte> bytes, Action<byte> chip)
    {
        foreach (byte each in bytes)
        {
            if (_bytesLeft-- <= 0)
                throw new IOException("Error 121 performing I2C data transfer.");
            Bytes++;
            chip(each);
        }
    }
}

using System.Buffers.Binary;

namespace PiTap.Catalogue.Packed;

/// <summary>Rows of equal length, sorted by a number of four bytes that each begins with.</summary>
internal static class PackedRows
{
    /// <summary>Which row has the number; -1 if none has.</summary>
    public static int Find(ReadOnlySpan<byte> rows, int rowBytes, uint number)
    {
        int low = 0;
        int high = rows.Length / rowBytes - 1;
        while (low <= high)
        {
            int middle = (low + high) >>> 1;
            uint found = BinaryPrimitives.ReadUInt32LittleEndian(rows[(middle * rowBytes)..]);
            if (found == number)
                return middle;
            if (found < number)
                low = middle + 1;
            else
                high = middle - 1;
        }
        return -1;
    }
}

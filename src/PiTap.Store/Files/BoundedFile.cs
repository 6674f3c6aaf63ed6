using Microsoft.Win32.SafeHandles;

namespace PiTap.Store.Files;

/// <summary>
/// Reads files that others may have put there: a regular file, opened without following a link or waiting for a pipe, and no more of it
/// than it may have. Some files say that they have no length, such as those of /proc, and others grow.
/// </summary>
public static class BoundedFile
{
    /// <summary>Bytes that are read first of a file that says that it has none.</summary>
    private const int FirstBytes = 4_096;

    /// <summary>All bytes of a file; null, and nothing read but the beginning at most, if it has more than so many.</summary>
    /// <param name="path">The file.</param>
    /// <param name="maxBytes">The most bytes.</param>
    /// <exception cref="StoreException">It is no regular file.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static byte[]? Read(string path, int maxBytes)
    {
        using SafeFileHandle file = RegularFile.OpenToLook(path);
        long length = RandomAccess.GetLength(file);
        if (length > maxBytes)
            return null;
        byte[] bytes = new byte[Math.Min(Math.Max(length, FirstBytes), maxBytes) + 1];
        int count = 0;
        while (true)
        {
            int read = RandomAccess.Read(file, bytes.AsSpan(count), count);
            count += read;
            if (read == 0)
                return bytes[..count];
            if (count > maxBytes)
                return null;
            if (count == bytes.Length)
                Array.Resize(ref bytes, (int)Math.Min(2L * bytes.Length, maxBytes + 1L));
        }
    }
}

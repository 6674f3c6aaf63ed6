using System.Security.Cryptography;

namespace PiTap.Host.Replay;

/// <summary>SHA-256 of a capture file's bytes as they are on disk, which is what others name a capture by.</summary>
internal static class CaptureHash
{
    private const int ReadBytes = 1 << 20;

    /// <summary>64 hexadecimal digits; null if the file cannot be read any more.</summary>
    public static string? Of(string path)
    {
        try
        {
            using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
            using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            byte[] buffer = new byte[ReadBytes];
            for (int read = file.Read(buffer); read > 0; read = file.Read(buffer))
                hash.AppendData(buffer, 0, read);
            return Convert.ToHexStringLower(hash.GetHashAndReset());
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}

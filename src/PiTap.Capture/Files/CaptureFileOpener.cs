using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using PiTap.Wire.Pcap;
using ZstdSharp;
using ZstdSharp.Unsafe;

namespace PiTap.Capture.Files;

/// <summary>From a path to a stream of a capture's bytes: what is wrong with the path is said here, and compression is taken off.</summary>
internal static class CaptureFileOpener
{
    /// <summary>
    /// The largest window that a zstd frame may ask for, as a power of two: 128 MiB, what the zstd tool takes without being asked for more.
    /// </summary>
    private const int MaxZstdWindowLog = 27;

    // A decompressor that meets damage throws away what it made of the same input before: small bites lose little.
    private const int CompressedReadBytes = 4096;

    private const uint ZstdMagic = 0xFD2FB528;
    private const uint ZstdSkippableMagic = 0x184D2A50;
    private const uint ZstdSkippableMask = 0xFFFFFFF0;

    /// <summary>How many of a file's first bytes a message shows.</summary>
    private const int ShownBytes = 8;

    /// <summary>Opens a file.</summary>
    /// <param name="path">Where it is.</param>
    /// <param name="hash">True to hash the bytes of a regular file as they are read.</param>
    /// <exception cref="CaptureException">It cannot be: the message says why.</exception>
    public static InputStream OpenFile(string path, bool hash = false)
    {
        if (path.Length == 0)
            throw new CaptureException("The name of the capture file is empty.");
        if (Directory.Exists(path))
            throw new CaptureException($"{path} is a directory, not a capture file.");
        try
        {
            var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0, FileOptions.SequentialScan);
            return file.CanSeek ? new InputStream(file, file.Length, hash) : new InputStream(file, null);
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new CaptureException($"There is no file {path}.", error);
        }
        catch (UnauthorizedAccessException error)
        {
            throw new CaptureException($"{path} cannot be read: this user has no permission to.", error);
        }
        catch (Exception error) when (error is IOException or ArgumentException or NotSupportedException)
        {
            throw new CaptureException($"{path} cannot be opened: {error.Message}", error);
        }
    }

    /// <summary>Takes the compression off, which the first bytes tell. The result owns the input.</summary>
    /// <param name="input">The raw bytes.</param>
    /// <param name="compression">gzip, zstd, or null.</param>
    public static Stream Decompress(InputStream input, out string? compression)
    {
        ReadOnlySpan<byte> first = input.Peek();
        if (first.Length >= 2 && first[0] == 0x1F && first[1] == 0x8B)
        {
            compression = "gzip";
            input.MaxReadBytes = CompressedReadBytes;
            return new WholeGzipStream(input);
        }
        uint magic = first.Length < sizeof(uint) ? 0 : BinaryPrimitives.ReadUInt32LittleEndian(first);
        if (magic == ZstdMagic || (magic & ZstdSkippableMask) == ZstdSkippableMagic)
        {
            compression = "zstd";
            input.MaxReadBytes = CompressedReadBytes;
            var stream = new DecompressionStream(input, checkEndOfStream: true, leaveOpen: false);
            stream.SetParameter(ZSTD_dParameter.ZSTD_d_windowLogMax, MaxZstdWindowLog);
            return stream;
        }
        compression = null;
        return input;
    }

    /// <summary>What is wrong with a capture's first bytes; null if they are a capture's.</summary>
    public static string? Reject(ReadOnlySpan<byte> first, string where)
    {
        if (first.IsEmpty)
            return $"{where} is empty.";
        if (CaptureFileParser.Detect(first) != CaptureFormat.Unknown)
            return null;
        ReadOnlySpan<byte> shown = first[..Math.Min(first.Length, ShownBytes)];
        var text = new StringBuilder();
        foreach (byte value in shown)
            text.Append(value is >= 0x20 and < 0x7F ? (char)value : '.');
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{where} is no capture: it begins with {Convert.ToHexString(shown)} (\"{text}\"), and neither pcap nor pcapng begins so.");
    }
}

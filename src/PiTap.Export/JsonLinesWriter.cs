using System.Buffers;
using System.Text.Json;

namespace PiTap.Export;

/// <summary>Buffers lines and hands them to the stream in large pieces.</summary>
internal sealed class JsonLinesWriter<T> : IRecordWriter<T>
{
    private const int BufferBytes = 64 * 1024;

    private readonly Stream _output;
    private readonly Action<Utf8JsonWriter, T> _write;
    private readonly ArrayBufferWriter<byte> _buffer = new(2 * BufferBytes);
    private readonly Utf8JsonWriter _json;

    public JsonLinesWriter(Stream output, Action<Utf8JsonWriter, T> write)
    {
        _output = output;
        _write = write;
        _json = new Utf8JsonWriter(_buffer, JsonText.WriterOptions);
    }

    public void Write(T record)
    {
        _write(_json, record);
        _json.Flush();
        _json.Reset();
        _buffer.Write("\n"u8);
        if (_buffer.WrittenCount >= BufferBytes)
            Drain();
    }

    public void Dispose()
    {
        Drain();
        _output.Flush();
        _json.Dispose();
    }

    private void Drain()
    {
        _output.Write(_buffer.WrittenSpan);
        _buffer.ResetWrittenCount();
    }
}

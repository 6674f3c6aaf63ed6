using System.IO.Pipes;
using PiTap.Export;
using PiTap.Host.Output;
using PiTap.Model;

namespace PiTap.Host.Tests.Output;

public sealed class DescriptorStreamTests
{
    [Fact]
    public void What_is_written_arrives()
    {
        using AnonymousPipeServerStream reader = new(PipeDirection.In);
        using (DescriptorStream stream = new(Descriptor(reader)))
            stream.Write("hello"u8);
        byte[] buffer = new byte[5];
        reader.ReadExactly(buffer);
        Assert.Equal("hello"u8.ToArray(), buffer);
    }

    [Fact]
    public void A_reader_that_went_away_ends_the_output_early()
    {
        using AnonymousPipeServerStream reader = new(PipeDirection.In);
        int descriptor = Descriptor(reader);
        using DescriptorStream stream = new(descriptor);
        ThreadPool.QueueUserWorkItem(_ =>
        {
            reader.ReadExactly(new byte[10]);
            reader.Dispose();
        });
        IRecordWriter<FlowRecord> writer = JsonLines.Flows(stream);
        Assert.Throws<OutputClosedException>(() =>
        {
            // Far more than a pipe holds.
            for (int i = 0; i < 100_000; i++)
                writer.Write(SampleRecords.Flow);
        });
    }

    /// <summary>The writing end.</summary>
    private static int Descriptor(AnonymousPipeServerStream reader) => (int)reader.ClientSafePipeHandle.DangerousGetHandle();
}

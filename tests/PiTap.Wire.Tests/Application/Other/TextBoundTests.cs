using System.Text;
using CsCheck;
using PiTap.Wire.Application.Other;

namespace PiTap.Wire.Tests.Application.Other;

public sealed class TextBoundTests
{
    /// <summary>Pieces of text in many scripts, of cut characters and of noise, so that runs begin and end everywhere.</summary>
    private static readonly Gen<byte[]> s_mixed = Gen.OneOf(
        Gen.String[Gen.Char.AlphaNumeric, 0, 40].Select(Encoding.UTF8.GetBytes),
        Gen.Int[1, 14].Select(static count => Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("房ж😀é", count)))),
        Gen.Byte.Array[0, 30],
        Gen.Byte[0x80, 0xff].Array[0, 8]).Array[0, 24].Select(static parts => parts.SelectMany(static part => part).ToArray());

    [Fact]
    public void It_is_never_below_what_is_counted_one_by_one() =>
        s_mixed.Sample(static bytes =>
            TextBound.Of(bytes.AsSpan(0, Math.Min(bytes.Length, TextProbe.MaxBytes))) >= TextProbe.ReadableBytes(bytes), iter: 20_000);

    [Theory]
    [InlineData(7, 0)]
    [InlineData(8, 8)]
    [InlineData(63, 63)]
    [InlineData(64, 64)]
    [InlineData(65, 65)]
    [InlineData(512, 512)]
    public void Of_a_lone_run_it_is_the_length(int run, int bound)
    {
        for (int before = 0; before + run <= TextProbe.MaxBytes; before += 13)
        {
            byte[] bytes = new byte[TextProbe.MaxBytes];
            bytes.AsSpan(before, run).Fill((byte)'x');
            Assert.Equal(bound, TextBound.Of(bytes));
        }
    }

    [Fact]
    public void Encrypted_bytes_are_told_from_text_without_decoding_them()
    {
        int passed = 0;
        Gen.Byte.Array[200, 512].Sample(bytes =>
        {
            if (TextBound.Of(bytes) * TextProbe.MaxBytesPerReadableByte >= bytes.Length)
                Interlocked.Increment(ref passed);
        }, iter: 10_000, threads: 1);
        Assert.InRange(passed, 0, 20);
    }
}

using CsCheck;
using PiTap.Catalogue.Packed;

namespace PiTap.Catalogue.Tests.Packed;

public sealed class StepTableTests
{
    /// <summary>A distance and its unit are written as one number of 64 bits: public addresses do not come near that.</summary>
    private const ulong MaxNumber = ulong.MaxValue >> 2;

    private static readonly Gen<(ulong First, uint Value)[]> s_steps4 =
        Gen.Select(Gen.UInt, Gen.UInt[0, 300]).Array[0, 400]
            .Select(static steps => Sorted(steps.Select(static step => ((ulong)step.Item1, step.Item2))));

    private static readonly Gen<(ulong First, uint Value)[]> s_steps6 =
        Gen.Select(Gen.ULong[0, MaxNumber], Gen.Int[0, 40], Gen.UInt).Array[0, 400]
            .Select(static steps => Sorted(steps.Select(static step => (step.Item1 >> step.Item2 << step.Item2, step.Item3))));

    [Fact]
    public void A_number_finds_the_step_before_it() =>
        Gen.Select(s_steps4, Gen.UInt.Array[1, 20]).Sample(static (steps, asked) =>
        {
            (byte[] index, byte[] rows) = PackedBytes.Steps(steps, 4, 8, 0);
            StepTable table = StepTable.ForV4(index, rows, out _)!;
            Assert.All(NumbersAround(steps, asked.Select(static number => (ulong)number)).Where(static number => number <= uint.MaxValue),
                number => Assert.Equal(Slow(steps, number), table.Find(number)));
        }, iter: 200);

    [Fact]
    public void So_does_one_of_64_bits() =>
        Gen.Select(s_steps6, Gen.ULong.Array[1, 20]).Sample(static (steps, asked) =>
        {
            (byte[] index, byte[] rows) = PackedBytes.Steps(steps, 8, 32, 16, 8, 0);
            StepTable table = StepTable.ForV6(index, rows, out _)!;
            Assert.All(NumbersAround(steps, asked), number => Assert.Equal(Slow(steps, number), table.Find(number)));
        }, iter: 200);

    [Fact]
    public void Damaged_rows_give_an_answer_all_the_same() =>
        Gen.Select(Gen.Byte.Array[0, 100], Gen.UInt[0, 50], Gen.ULong).Sample(static (rows, offset, number) =>
        {
            byte[] index = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 9, 0, 0, 0, 0, 0, 0, 0, (byte)offset, 0, 0, 0];
            _ = StepTable.ForV6(index, rows, out _)?.Find(number);
        });

    [Theory]
    [InlineData(10, 5)]
    [InlineData(11, 0)]
    [Trait("cap", "Catalogue.StepTable.MaxVarintBits")]
    public void A_number_that_goes_on_behind_64_bits_is_no_value(int bytes, uint value)
    {
        byte[] rows = [0x85, .. Enumerable.Repeat((byte)0x80, bytes - 2), 0];
        Assert.Equal(value, StepTable.ForV4(new byte[8], rows, out _)!.Find(1));
    }

    [Theory]
    [InlineData(new byte[] { 0, 0, 0, 0, 0, 0, 0 })]
    [InlineData(new byte[] { 0, 0, 0, 0, 9, 0, 0, 0 })]
    [InlineData(new byte[] { 5, 0, 0, 0, 0, 0, 0, 0, 5, 0, 0, 0, 1, 0, 0, 0 })]
    [InlineData(new byte[] { 5, 0, 0, 0, 2, 0, 0, 0, 6, 0, 0, 0, 1, 0, 0, 0 })]
    public void An_index_that_is_cut_not_sorted_or_leads_outside_is_refused(byte[] index)
    {
        Assert.Null(StepTable.ForV4(index, new byte[4], out string? error));
        Assert.Equal("its index of addresses is damaged", error);
    }

    private static (ulong First, uint Value)[] Sorted(IEnumerable<(ulong First, uint Value)> steps) =>
        [.. steps.DistinctBy(static step => step.First).OrderBy(static step => step.First)];

    private static IEnumerable<ulong> NumbersAround((ulong First, uint Value)[] steps, IEnumerable<ulong> others) =>
        steps.SelectMany(static step => (ulong[])[step.First, step.First - 1, step.First + 1]).Concat(others);

    private static uint Slow((ulong First, uint Value)[] steps, ulong number) =>
        steps.LastOrDefault(step => step.First <= number).Value;
}

using CsCheck;
using PiTap.Catalogue.Import;
using PiTap.Catalogue.Packed;

namespace PiTap.Catalogue.Tests.Import;

public sealed class StepBuilderTests
{
    private static readonly Gen<List<AddressRange>> s_ranges =
        Gen.Select(Gen.UInt[0, 300], Gen.UInt[0, 60], Gen.UInt[0, 4]).Array[0, 30].Select(static ranges => ranges
            .OrderBy(static range => range.Item1)
            .Select(static range => new AddressRange(range.Item1, range.Item1 + range.Item2, range.Item3)).ToList());

    [Fact]
    public void Of_ranges_that_overlap_the_one_that_begins_last_holds() =>
        s_ranges.Sample(static ranges =>
        {
            List<(UInt128 First, uint Value)> steps = StepBuilder.Build(ranges, uint.MaxValue);
            for (UInt128 number = 0; number < 400; number++)
            {
                uint expected = ranges.LastOrDefault(range => range.First <= number && number <= range.Last).Value;
                Assert.Equal(expected, steps.LastOrDefault(step => step.First <= number).Value);
            }
            Assert.All(steps.Zip(steps.Skip(1)), static pair =>
                Assert.True(pair.First.First < pair.Second.First && pair.First.Value != pair.Second.Value));
        });

    [Fact]
    public void Nothing_begins_behind_the_highest_address() =>
        Assert.Equal([((UInt128)5, 1u)], StepBuilder.Build([new AddressRange(5, 9, 1)], highest: 9));

    [Fact]
    public void A_network_has_what_is_said_of_its_first_address() =>
        Gen.Select(Gen.UInt[0, 40], Gen.UInt[0, 20], Gen.UInt[0, 4]).Array[0, 30].Sample(static parts =>
        {
            // A sixteenth of a network is the unit here: most ranges begin and end inside of one.
            List<AddressRange> ranges = [.. parts.OrderBy(static part => part.Item1).Select(static part => new AddressRange(
                (UInt128)part.Item1 << 60, ((UInt128)(part.Item1 + part.Item2 + 1) << 60) - 1, part.Item3))];
            List<(UInt128 First, uint Value)> steps = StepBuilder.Build(ranges, UInt128.MaxValue);
            List<(UInt128 First, uint Value)> networks = StepBuilder.ByNetwork(steps);
            for (UInt128 network = 0; network < 6; network++)
            {
                Assert.Equal(steps.LastOrDefault(step => step.First <= network << 64).Value,
                    networks.LastOrDefault(step => step.First <= network).Value);
            }
        });

    [Fact]
    public void What_is_packed_is_found() =>
        Gen.Select(Gen.UInt, Gen.UInt[0, 9]).Array[0, 300].Sample(static values =>
        {
            List<(UInt128 First, uint Value)> steps = [.. values.DistinctBy(static value => value.Item1)
                .OrderBy(static value => value.Item1).Select(static value => ((UInt128)value.Item1, value.Item2))];
            (byte[] index, byte[] rows) = StepBuilder.PackV4(steps, static value => value);
            StepTable table = StepTable.ForV4(index, rows, out _)!;
            Assert.All(steps, step => Assert.Equal(step.Value, table.Find((ulong)step.First)));
            (index, rows) = StepBuilder.PackV6(steps, static value => value + 1);
            table = StepTable.ForV6(index, rows, out _)!;
            Assert.All(steps, step => Assert.Equal(step.Value + 1, table.Find((ulong)step.First)));
        }, iter: 200);
}

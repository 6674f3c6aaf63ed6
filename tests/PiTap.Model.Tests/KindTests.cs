namespace PiTap.Model.Tests;

public sealed class KindTests
{
    // What a stranger does who adds a source: the number is the next one, as numbers are stored.
    private static readonly HostSource s_appended = (HostSource)(Enum.GetValues<HostSource>().Length);

    [Fact]
    public void Every_source_of_names_has_one_place_in_the_order_of_trust()
    {
        Assert.Equal(Enum.GetValues<HostSource>(), NameTrust.MostTrustedFirst.Order());
        Assert.Throws<ArgumentException>(static () => new NameTrust([HostSource.Dns, HostSource.Mdns, HostSource.Dns]));
    }

    [Fact]
    public void No_name_is_trusted_less_than_any_and_equals_do_not_replace_each_other()
    {
        Assert.All(NameTrust.MostTrustedFirst, static source => Assert.False(NameTrust.Order.IsMoreTrusted(source, source)));
        IEnumerable<HostSource> names = NameTrust.MostTrustedFirst.SkipLast(1);
        Assert.All(names, static source => Assert.True(NameTrust.Order.IsMoreTrusted(source, HostSource.None)));
    }

    [Fact]
    public void A_source_that_was_appended_can_be_trusted_more_than_those_before_it()
    {
        for (int place = 0; place <= NameTrust.MostTrustedFirst.Count; place++)
        {
            List<HostSource> order = [.. NameTrust.MostTrustedFirst];
            order.Insert(place, s_appended);
            var trust = new NameTrust(order);
            for (int other = 0; other < order.Count; other++)
            {
                Assert.Equal(place < other, trust.IsMoreTrusted(s_appended, order[other]));
                Assert.Equal(order[Math.Min(place, other)], trust.MoreTrusted(order[other], s_appended));
            }
        }
    }

    [Fact]
    public void Each_protocol_has_a_bit_in_a_set_of_64()
    {
        const int Bits = 64;
        Assert.All(Enum.GetValues<AppProtocol>(), static app => Assert.InRange((int)app, 0, Bits - 1));
        Assert.Equal(Enum.GetValues<AppProtocol>().Skip(1).Select(static app => app.Text()), KindNames.Names(ulong.MaxValue));
    }
}

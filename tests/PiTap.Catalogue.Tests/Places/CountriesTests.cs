using PiTap.Catalogue.Places;

namespace PiTap.Catalogue.Tests.Places;

public sealed class CountriesTests
{
    [Fact]
    public void The_standard_assigns_249_codes() => Assert.Equal(249, Countries.Count);

    [Theory]
    [InlineData("SG", true)]
    [InlineData("GB", true)]
    [InlineData("UK", false)]
    [InlineData("EU", false)]
    [InlineData("sg", false)]
    [InlineData("", false)]
    public void Only_assigned_codes_in_capitals_pass(string code, bool isAssigned) => Assert.Equal(isAssigned, Countries.IsAssigned(code));
}

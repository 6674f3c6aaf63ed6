using System.Globalization;
using System.Text;
using static PiTap.Catalogue.Tests.Import.ListImportTests;
using static PiTap.Catalogue.Tests.Import.ListTexts;

namespace PiTap.Catalogue.Tests.Import;

/// <summary>How much a list may hold, as numbers of their own: a cap that is raised fails here.</summary>
public sealed class ListCapTests
{
    [Theory]
    [InlineData(0, null)]
    [InlineData(1, "x.json: it has 8388609 bytes, and a list has at most 8388608")]
    [Trait("cap", "Catalogue.ListImport.MaxFileBytes")]
    public void A_list_has_at_most_8_MiB(int more, string? sentence)
    {
        string text = Services("\"a.example\"");
        Assert.Equal(sentence, ErrorOf(text + new string(' ', (8 << 20) - text.Length + more)));
    }

    [Theory]
    [InlineData(15, true)]
    [InlineData(16, false)]
    [Trait("cap", "Catalogue.ListFile.MaxDepth")]
    public void A_list_has_at_most_sixteen_levels(int levels, bool isTaken)
    {
        string nested = new string('[', levels) + new string(']', levels);
        Assert.Equal(isTaken, ErrorOf($"{{\"more\":{nested},{Services("\"a.example\"")[1..]}") is null);
    }

    [Theory]
    [InlineData(120, true)]
    [InlineData(121, false)]
    [Trait("cap", "Catalogue.ListFields.MaxNameLength")]
    public void A_name_of_a_company_has_at_most_120_characters(int characters, bool isTaken)
    {
        string? error = ErrorOf(Services("\"a.example\"", new string('x', characters)));
        Assert.Equal(isTaken, error is null);
        Assert.Equal(isTaken, error?.Contains("this name has 121 characters, more than 120", StringComparison.Ordinal) != true);
    }

    [Theory]
    [InlineData(200_000, true)]
    [InlineData(200_001, false)]
    [Trait("cap", "Catalogue.ListRows.MaxRows")]
    public void A_set_has_at_most_200_000_domains(int domains, bool isTaken)
    {
        StringBuilder names = new("\"a.example\"");
        for (int i = 1; i < domains; i++)
            names.Append(CultureInfo.InvariantCulture, $",\"{i}.example\"");
        string? error = ErrorOf(Services(names.ToString()));
        Assert.Equal(isTaken, error is null);
        Assert.Equal(isTaken, error?.Contains("this is more than 200000 domains", StringComparison.Ordinal) != true);
    }
}

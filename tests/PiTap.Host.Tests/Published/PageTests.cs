namespace PiTap.Host.Tests.Published;

/// <summary>Pages out of the published program. One that was trimmed away is missing there, and nowhere else.</summary>
public sealed class PageTests
{
    [Fact]
    public void A_page_comes_out_of_the_published_program()
    {
        (int code, string output, string error) = Executable.Run("page", "www.example.org");
        Assert.Equal((0, ""), (code, error));
        Assert.StartsWith("<!DOCTYPE html>", output.TrimStart(), StringComparison.Ordinal);
        Assert.Contains("<td>www.example.org</td><td>dns</td><td>1</td>", output, StringComparison.Ordinal);
        Assert.EndsWith("</html>", output.TrimEnd(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("<script>alert(1)</script>", "&lt;script&gt;alert(1)&lt;/script&gt;")]
    [InlineData("\" onmouseover=\"alert(1)", "&quot; onmouseover=&quot;alert(1)")]
    [InlineData("' & <", "&#x27; &amp; &lt;")]
    public void Hostile_text_stays_text(string host, string escaped)
    {
        (int code, string output, _) = Executable.Run("page", host);
        Assert.Equal(0, code);
        Assert.DoesNotContain(host, output, StringComparison.Ordinal);
        // In an attribute and in a cell.
        Assert.Contains($"<tr title=\"{escaped}\">", output, StringComparison.Ordinal);
        Assert.Contains($"<td>{escaped}</td>", output, StringComparison.Ordinal);
    }

    [Fact]
    public void The_verb_is_in_no_help_text()
    {
        (int code, string output, _) = Executable.Run("--help");
        Assert.Equal(0, code);
        Assert.Contains("replay", output, StringComparison.Ordinal);
        Assert.DoesNotContain("page", output, StringComparison.Ordinal);
    }
}

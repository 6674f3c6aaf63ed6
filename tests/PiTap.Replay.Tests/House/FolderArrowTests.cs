namespace PiTap.Replay.Tests.House;

/// <summary>
/// Which folder of a room uses which other one. `arrows.txt` allows each arrow; no way of arrows leads back to where it began; and the
/// picture in src/ARCHITECTURE.md is made from the list. PITAP_REWRITE=yes in the environment writes list and picture anew: look at the
/// difference.
/// </summary>
public sealed class FolderArrowTests
{
    private const string KnotMark = " (knot)";

    private static readonly string s_list = Path.Combine(Repository.Root, "tests", "PiTap.Replay.Tests", "House", "arrows.txt");

    [Fact]
    public void A_folder_uses_only_those_that_the_list_allows()
    {
        if (Rewrite.IsAsked)
            WriteList();
        string[] allowed = [.. Listed().Select(static line => line.Replace(KnotMark, "", StringComparison.Ordinal))];
        IEnumerable<string> added = FolderArrows.All.Where(arrow => !allowed.Contains(arrow.ToString()))
            .Select(static arrow => $"not on the list: {arrow} ({arrow.Example})");
        IEnumerable<string> gone = allowed.Except(FolderArrows.All.Select(static arrow => arrow.ToString()))
            .Select(static line => $"on the list and not there: {line}");
        Listing.IsEmpty(added.Concat(gone));
    }

    [Fact]
    public void No_way_leads_back_to_where_it_began()
    {
        string[] knots = [.. Listed().Where(static line => line.EndsWith(KnotMark, StringComparison.Ordinal))
            .Select(static line => line[..^KnotMark.Length])];
        Arrow[] others = [.. FolderArrows.All.Where(arrow => !knots.Contains(arrow.ToString()))];
        IEnumerable<string> circles = FolderArrows.OnCircles(others).Select(static arrow => $"on a circle: {arrow} ({arrow.Example})");
        IEnumerable<string> untied = knots.Except(FolderArrows.OnCircles(FolderArrows.All).Select(static arrow => arrow.ToString()))
            .Select(static line => $"no longer a knot: {line}");
        Listing.IsEmpty(circles.Concat(untied));
    }

    [Fact]
    public void The_picture_in_the_architecture_is_that_of_the_code()
    {
        string file = Path.Combine(Repository.Root, "src", "ARCHITECTURE.md");
        string text = File.ReadAllText(file);
        string expected = ArrowPicture.PutInto(text);
        if (Rewrite.IsAsked)
            File.WriteAllText(file, expected);
        else if (text != expected)
            Assert.Fail("The picture in src/ARCHITECTURE.md must be:\n" + ArrowPicture.Text());
    }

    private static IEnumerable<string> Listed() => File.ReadLines(s_list).Where(static line => line.Length > 0 && !line.StartsWith('#'));

    /// <summary>An arrow that closed a circle stays marked while it does; a new one is not marked, and fails.</summary>
    private static void WriteList()
    {
        string[] head = [.. File.ReadLines(s_list).Where(static line => line.StartsWith('#'))];
        string[] knots = [.. Listed().Where(static line => line.EndsWith(KnotMark, StringComparison.Ordinal))];
        string[] circles = [.. FolderArrows.OnCircles(FolderArrows.All).Select(static arrow => arrow.ToString())];
        IEnumerable<string> lines = FolderArrows.All.Select(arrow => arrow.ToString())
            .Select(line => circles.Contains(line) && knots.Contains(line + KnotMark) ? line + KnotMark : line);
        File.WriteAllLines(s_list, head.Concat(lines));
    }
}

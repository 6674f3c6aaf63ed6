namespace PiTap.Replay.Tests.House;

/// <summary>Which folder of a room may use which other one: no way of arrows leads back to where it began.</summary>
public sealed class FolderArrowTests
{
    /// <summary>Rooms whose folders still lie on a circle. This list may only shrink.</summary>
    private static readonly string[] s_knotted = ["PiTap.Analysis"];

    [Fact]
    public void No_room_beyond_the_list_has_a_circle()
    {
        IEnumerable<string> circles = FolderArrows.OnCircles(FolderArrows.All).Where(static arrow => !s_knotted.Contains(arrow.From.Split('/')[0]))
            .Select(static arrow => $"{arrow}: {arrow.Example}");
        Listing.IsEmpty(circles);
    }
}

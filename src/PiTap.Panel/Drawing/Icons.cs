namespace PiTap.Panel.Drawing;

/// <summary>Small pictures of seven by seven pixels.</summary>
internal static class Icons
{
    public const int Size = 7;

    /// <summary>From the phone.</summary>
    public static readonly string[] Up =
    [
        "...#...",
        "..###..",
        ".#####.",
        "#######",
        "..###..",
        "..###..",
        "..###..",
    ];

    /// <summary>To the phone.</summary>
    public static readonly string[] Down =
    [
        "..###..",
        "..###..",
        "..###..",
        "#######",
        ".#####.",
        "..###..",
        "...#...",
    ];

    /// <summary>Both alike, as a call is.</summary>
    public static readonly string[] Both =
    [
        "...#...",
        "..###..",
        ".#####.",
        ".......",
        ".#####.",
        "..###..",
        "...#...",
    ];

    /// <summary>Silent at the moment.</summary>
    public static readonly string[] Idle =
    [
        ".......",
        ".......",
        ".......",
        "..###..",
        ".......",
        ".......",
        ".......",
    ];

    /// <summary>Somebody on the way can read it.</summary>
    public static readonly string[] Eye =
    [
        ".......",
        "..###..",
        ".#...#.",
        "#..#..#",
        ".#...#.",
        "..###..",
        ".......",
    ];
}

using System.Text;

namespace PiTap.Replay.Tests.House;

/// <summary>Rooms and folders as Mermaid draws them: a flow chart of the rooms, and one for each room with folders.</summary>
internal static class ArrowPicture
{
    private const string Begin = "<!-- arrows: written by FolderArrowTests -->\n";
    private const string End = "<!-- end of arrows -->\n";

    /// <summary>The text with its picture replaced; without the marks there is no place for it.</summary>
    public static string PutInto(string text)
    {
        int begin = text.IndexOf(Begin, StringComparison.Ordinal), end = text.IndexOf(End, StringComparison.Ordinal);
        Assert.True(begin >= 0 && end > begin, "the marks around the picture are missing");
        return string.Concat(text.AsSpan(0, begin + Begin.Length), Text(), text.AsSpan(end));
    }

    public static string Text()
    {
        StringBuilder text = new();
        Arrow[] rooms =
        [
            .. ArchitectureTests.Allowed.SelectMany(static room => room.Value.Where(ArchitectureTests.Allowed.ContainsKey)
                .Select(other => new Arrow(NameOf(room.Key), NameOf(other)))),
        ];
        Append(text, "Rooms", rooms, [.. ArchitectureTests.Allowed.Keys.Select(NameOf)]);
        foreach (IGrouping<string, string> room in FolderArrows.Folders().GroupBy(static folder => folder.Split('/')[0])
            .Where(static folders => folders.Skip(1).Any()))
        {
            Arrow[] arrows = [.. FolderArrows.All.Where(arrow => arrow.From.Split('/')[0] == room.Key)];
            Append(text, room.Key, arrows, [.. room]);
        }
        return text.ToString();
    }

    private static string NameOf(string assembly) => assembly == "pitap" ? "PiTap.Host" : assembly;

    private static void Append(StringBuilder text, string title, Arrow[] arrows, string[] nodes)
    {
        text.Append(title).Append(":\n```mermaid\nflowchart TD\n");
        foreach (string node in nodes)
            text.Append("  ").Append(Identifier(node)).Append("[\"").Append(Label(node)).Append("\"]\n");
        foreach (Arrow arrow in arrows.Where(arrow => !Follows(arrow, arrows)))
            text.Append("  ").Append(Identifier(arrow.From)).Append(" --> ").Append(Identifier(arrow.To)).Append('\n');
        text.Append("```\n");
    }

    /// <summary>True if the arrow follows from two or more others, outside a circle: then the picture is clear without it.</summary>
    private static bool Follows(Arrow arrow, Arrow[] arrows)
    {
        if (FolderArrows.Reaches(arrows, arrow.To, arrow.From))
            return false;
        return FolderArrows.Reaches([.. arrows.Where(other => other.ToString() != arrow.ToString())], arrow.From, arrow.To);
    }

    private static string Identifier(string node) => node.Replace('.', '_').Replace('/', '_');

    /// <summary>A folder without its room; the room's own name for what stands in no folder.</summary>
    private static string Label(string node) => node.Contains('/', StringComparison.Ordinal)
        ? node[(node.IndexOf('/', StringComparison.Ordinal) + 1)..] : node;
}

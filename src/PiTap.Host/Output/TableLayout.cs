namespace PiTap.Host.Output;

/// <summary>A column as it is drawn.</summary>
/// <param name="Index">Which one.</param>
/// <param name="Width">How wide, in cells.</param>
/// <param name="IsBrief">True if cells and header are the short ones.</param>
internal readonly record struct PlacedColumn(int Index, int Width, bool IsBrief);

/// <summary>
/// Which columns a table shows at a width, and how wide each is. Where not all fit, figures are shortened first; then columns go, by rank;
/// names and texts are cut last, and never below their least width.
/// </summary>
internal static class TableLayout
{
    /// <summary>Cells between two columns.</summary>
    public const int Gap = 2;

    /// <summary>The widths that columns want, by their widest cell.</summary>
    /// <param name="Full">With whole cells.</param>
    /// <param name="Brief">With short ones.</param>
    /// <param name="HasBrief">True if there are short ones.</param>
    public readonly record struct Wish(int Full, int Brief, bool HasBrief);

    /// <summary>Places the columns, in their own order.</summary>
    public static IReadOnlyList<PlacedColumn> Place(IReadOnlyList<Column> columns, IReadOnlyList<Wish> wishes, int width)
    {
        int[] all = [.. Enumerable.Range(0, columns.Count)];
        if (Total([.. wishes.Select(static wish => wish.Full)]) <= width)
            return [.. all.Select(i => new PlacedColumn(i, wishes[i].Full, false))];

        // What a text may claim before others had their turn: a single long name must not cost all the rest.
        int fair = Math.Max(1, width * 2 / 5);
        int[] widths = new int[columns.Count];
        List<int> shown = [];
        foreach (int i in all.OrderBy(i => columns[i].Rank))
        {
            Column column = columns[i];
            widths[i] = column.CanBeCut ? Math.Min(wishes[i].Brief, Math.Max(column.MinWidth, fair)) : wishes[i].Brief;
            if (column.Rank == 0 || Total([.. shown.Append(i).Select(j => widths[j])]) <= width)
                shown.Add(i);
        }
        shown.Sort();
        Shrink(columns, shown, widths, width);
        int free = width - Total([.. shown.Select(i => widths[i])]);
        // Short cells become whole ones all at once, or figures of one row could not be compared.
        int toWhole = shown.Where(i => wishes[i].HasBrief).Sum(i => wishes[i].Full - widths[i]);
        bool isBrief = toWhole > free;
        if (!isBrief)
            free -= toWhole;
        foreach (int i in shown.OrderBy(i => columns[i].Kind == ColumnKind.Name ? 0 : 1).ThenBy(i => columns[i].Rank))
        {
            if (wishes[i].HasBrief)
            {
                widths[i] = isBrief ? widths[i] : wishes[i].Full;
                continue;
            }
            int more = Math.Clamp(wishes[i].Full - widths[i], 0, free);
            widths[i] += more;
            free -= more;
        }
        return [.. shown.Select(i => new PlacedColumn(i, widths[i], isBrief))];
    }

    private static int Total(IReadOnlyCollection<int> widths) => widths.Sum() + Gap * Math.Max(0, widths.Count - 1);

    /// <summary>Takes from the widest text until all fit, or nothing can be taken.</summary>
    private static void Shrink(IReadOnlyList<Column> columns, List<int> shown, int[] widths, int width)
    {
        while (Total([.. shown.Select(i => widths[i])]) > width)
        {
            int widest = shown.Where(i => columns[i].CanBeCut && widths[i] > columns[i].MinWidth).DefaultIfEmpty(-1)
                .MaxBy(i => i < 0 ? 0 : widths[i]);
            if (widest < 0)
                return;
            widths[widest]--;
        }
    }
}

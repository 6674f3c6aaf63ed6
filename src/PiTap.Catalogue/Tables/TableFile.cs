namespace PiTap.Catalogue.Tables;

/// <summary>A file of a table that people read: its name, for messages, and its text.</summary>
public readonly record struct TableFile(string Name, string Text);

/// <summary>Why a line is refused.</summary>
/// <param name="File">The file's name.</param>
/// <param name="Line">The line's number, from 1.</param>
/// <param name="Reason">A sentence without a full stop.</param>
public readonly record struct TableError(string File, int Line, string Reason)
{
    /// <summary>For example <c>rtc.tsv:12: home country 'UK' is not an ISO 3166 code</c>.</summary>
    public override string ToString() => $"{File}:{Line}: {Reason}";
}

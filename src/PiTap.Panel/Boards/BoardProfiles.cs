using System.Reflection;

namespace PiTap.Panel.Boards;

/// <summary>The boards that PiTap carries: the files of <c>hardware/boards</c>, from which the pages about wiring are made, too.</summary>
public static class BoardProfiles
{
    private const string Folder = "boards/";
    private const string Extension = ".json";

    private static readonly Assembly s_assembly = typeof(BoardProfiles).Assembly;

    /// <summary>What they are called, in order.</summary>
    public static IReadOnlyList<string> Ids { get; } =
    [
        .. s_assembly.GetManifestResourceNames().Where(static name => name.StartsWith(Folder, StringComparison.Ordinal))
            .Select(static name => name[Folder.Length..^Extension.Length]).Order(StringComparer.Ordinal),
    ];

    /// <summary>One of them, or the one in a file of somebody's own.</summary>
    /// <param name="idOrPath">What it is called, or a path that ends with <c>.json</c>.</param>
    /// <exception cref="BoardProfileException">There is none, it cannot be read, or it is wrong.</exception>
    public static BoardProfile Read(string idOrPath)
    {
        ArgumentNullException.ThrowIfNull(idOrPath);
        if (Ids.Contains(idOrPath))
        {
            using Stream stream = s_assembly.GetManifestResourceStream(Folder + idOrPath + Extension)!;
            byte[] bytes = new byte[stream.Length];
            stream.ReadExactly(bytes);
            return BoardProfileReader.Read(idOrPath + Extension, bytes);
        }
        if (!idOrPath.EndsWith(Extension, StringComparison.Ordinal))
        {
            string known = string.Join(", ", Ids);
            throw new BoardProfileException(idOrPath, "", $"there is no such board: take one of {known}, or a file of your own");
        }
        try
        {
            using FileStream file = File.OpenRead(idOrPath);
            byte[] bytes = new byte[Math.Min(file.Length, BoardProfileReader.MaxFileBytes + 1)];
            file.ReadExactly(bytes);
            return BoardProfileReader.Read(idOrPath, bytes);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new BoardProfileException(Path.GetFileName(idOrPath), "", $"this cannot be read: {fault.Message}");
        }
    }
}

using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace PiTap.Replay.Tests.House;

/// <summary>
/// Which folder of a room uses which other one: read from the sources, by the names of types. As types are written out in this code, a file
/// that uses a folder names one of its types.
/// </summary>
internal static class FolderArrows
{
    /// <summary>Stands before the name of an extension method, so that it is not taken for a type's.</summary>
    private const string ExtensionMark = ".";

    private static readonly Lazy<IReadOnlyList<Arrow>> s_all =
        new(static () => [.. Rooms().SelectMany(OfRoom).DistinctBy(static arrow => arrow.ToString()).Order()]);

    /// <summary>In the order of their text.</summary>
    public static IReadOnlyList<Arrow> All => s_all.Value;

    /// <summary>Every folder of every room that holds a file.</summary>
    public static IEnumerable<string> Folders() =>
        SourceFile.All.Where(static file => file.Path.StartsWith("src/", StringComparison.Ordinal)).Select(FolderOf).Distinct()
            .Order(StringComparer.Ordinal);

    /// <summary>The arrows that lie on a circle: from where each leads, a way leads back.</summary>
    public static IEnumerable<Arrow> OnCircles(IReadOnlyCollection<Arrow> arrows) =>
        arrows.Where(arrow => Reaches(arrows, arrow.To, arrow.From));

    /// <summary>True if a way of arrows leads from one folder to the other.</summary>
    public static bool Reaches(IReadOnlyCollection<Arrow> arrows, string from, string to)
    {
        HashSet<string> seen = [from];
        Queue<string> next = new(seen);
        while (next.TryDequeue(out string? folder))
        {
            if (folder == to)
                return true;
            foreach (Arrow arrow in arrows.Where(arrow => arrow.From == folder && seen.Add(arrow.To)))
                next.Enqueue(arrow.To);
        }
        return false;
    }

    /// <summary>For example <c>PiTap.Store/Blocks</c>; the room's own name for what stands in no folder.</summary>
    private static string FolderOf(SourceFile file) => Path.GetDirectoryName(file.Path["src/".Length..])!;

    private static IEnumerable<string> Rooms() => Folders().Select(static folder => folder.Split('/')[0]).Distinct();

    private static IEnumerable<Arrow> OfRoom(string room)
    {
        SourceFile[] files = [.. SourceFile.All.Where(file => file.Project == "src/" + room)];
        ILookup<string, string> declared = files
            .SelectMany(static file => Declared(file).Select(name => (Name: name, Folder: FolderOf(file)))).Distinct()
            .ToLookup(static type => type.Name, static type => type.Folder, StringComparer.Ordinal);
        foreach (SourceFile file in files)
        {
            foreach (string name in Used(file).Distinct().Where(name => !declared[name].Contains(FolderOf(file))))
            {
                foreach (string folder in declared[name])
                {
                    string example = $"{Path.GetFileName(file.Path)} uses {name.TrimStart('.')}";
                    yield return new Arrow(FolderOf(file), folder) { Example = example };
                }
            }
        }
    }

    /// <summary>Types that are not inside others, and extension methods, which are called without their type's name.</summary>
    private static IEnumerable<string> Declared(SourceFile file)
    {
        foreach (SyntaxNode node in file.Tree.GetRoot().DescendantNodes())
        {
            if (node is BaseTypeDeclarationSyntax { Parent: not TypeDeclarationSyntax } type)
                yield return type.Identifier.ValueText;
            else if (node is DelegateDeclarationSyntax { Parent: not TypeDeclarationSyntax } function)
                yield return function.Identifier.ValueText;
            else if (node is MethodDeclarationSyntax method
                && method.ParameterList.Parameters.FirstOrDefault()?.Modifiers.Any(static word => word.ValueText == "this") == true)
                yield return ExtensionMark + method.Identifier.ValueText;
        }
    }

    private static IEnumerable<string> Used(SourceFile file)
    {
        HashSet<string> members = [.. file.Tree.GetRoot().DescendantNodes().Select(NameOfMember).OfType<string>()];
        // A namespace, too, may be called like a type.
        foreach (SimpleNameSyntax name in file.Tree.GetRoot()
            .DescendantNodes(static node => node is not UsingDirectiveSyntax { Alias: null }).OfType<SimpleNameSyntax>())
        {
            if (name.Parent is MemberAccessExpressionSyntax access && access.Name == name)
                yield return ExtensionMark + name.Identifier.ValueText;
            else if (name.Parent is not (NameColonSyntax or InvocationExpressionSyntax)
                && (SyntaxFacts.IsInTypeOnlyContext(name) || !members.Contains(name.Identifier.ValueText)))
                yield return name.Identifier.ValueText;
        }
    }

    /// <summary>A value of the file's own may be called like a type elsewhere.</summary>
    private static string? NameOfMember(SyntaxNode node) => node switch
    {
        VariableDeclaratorSyntax variable => variable.Identifier.ValueText,
        PropertyDeclarationSyntax property => property.Identifier.ValueText,
        EnumMemberDeclarationSyntax member => member.Identifier.ValueText,
        ParameterSyntax parameter => parameter.Identifier.ValueText,
        _ => null,
    };
}

/// <summary>One folder uses another of the same room.</summary>
internal sealed record Arrow(string From, string To) : IComparable<Arrow>
{
    /// <summary>A use that makes the arrow.</summary>
    public string Example { get; init; } = "";

    public int CompareTo(Arrow? other) => string.CompareOrdinal(ToString(), other?.ToString());

    public override string ToString() => $"{From} -> {To}";
}

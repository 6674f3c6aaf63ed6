using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace PiTap.Replay.Tests.House;

/// <summary>A C# file of the repository, parsed once for all tests.</summary>
/// <param name="Path">From the root of the repository, with slashes.</param>
/// <param name="Lines">Its lines.</param>
/// <param name="Tree">Its syntax.</param>
internal sealed record SourceFile(string Path, string[] Lines, SyntaxTree Tree)
{
    private static readonly Lazy<SourceFile[]> s_all =
        new(static () => [.. Repository.Files("*.cs").Order(StringComparer.Ordinal).Select(Read)]);

    public static IReadOnlyList<SourceFile> All => s_all.Value;

    /// <summary>Null if the file declares none, as the one with the program's first statements does.</summary>
    public string? Namespace => Tree.GetRoot().DescendantNodes().OfType<BaseNamespaceDeclarationSyntax>().FirstOrDefault()?.Name.ToString();

    /// <summary>The project that the file belongs to: the first two folders of its path.</summary>
    public string Project => string.Join('/', Path.Split('/')[..2]);

    private static SourceFile Read(string file)
    {
        string text = File.ReadAllText(file);
        string path = Repository.Relative(file);
        SyntaxTree tree = CSharpSyntaxTree.ParseText(
            text, new CSharpParseOptions(LanguageVersion.Latest), path, cancellationToken: TestContext.Current.CancellationToken);
        return new SourceFile(path, text.Split('\n'), tree);
    }
}

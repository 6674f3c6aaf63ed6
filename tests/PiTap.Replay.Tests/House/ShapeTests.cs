using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace PiTap.Replay.Tests.House;

/// <summary>How long a method and a line may be, where braces stand, and which namespace a file is in.</summary>
public sealed class ShapeTests
{
    private const int MaxMethodLines = 60;
    private const int MaxLineCharacters = 140;

    [Fact]
    public void Methods_fit_on_a_screen()
    {
        Listing.IsEmpty(Exceptions.Compare("long-methods.txt", SourceFile.All.SelectMany(LongMethods)));
    }

    [Fact]
    public void Lines_fit_beside_one_another()
    {
        Listing.IsEmpty(Exceptions.Compare("long-lines.txt", SourceFile.All.SelectMany(LongLines)));
    }

    [Fact]
    public void Braces_stand_around_bodies_of_more_than_one_line_and_around_no_other()
    {
        Listing.IsEmpty(
            Exceptions.Compare("braces.txt", SourceFile.All.SelectMany(static file => NeedlessBraces(file).Concat(MissingBraces(file)))));
    }

    [Fact]
    public void A_namespace_is_the_folder_of_its_file()
    {
        Listing.IsEmpty(Exceptions.Compare("namespaces.txt", SourceFile.All.SelectMany(Strays)));
    }

    private static IEnumerable<(string, string)> Strays(SourceFile file)
    {
        string folder = Path.GetDirectoryName(file.Path[(file.Path.IndexOf('/', StringComparison.Ordinal) + 1)..])!;
        if (file.Namespace is string name && name != folder.Replace('/', '.'))
            yield return (file.Path, name);
    }

    private static IEnumerable<(string, string)> LongMethods(SourceFile file)
    {
        foreach (SyntaxNode node in file.Tree.GetRoot().DescendantNodes())
        {
            if (node is not (BaseMethodDeclarationSyntax or AccessorDeclarationSyntax or LocalFunctionStatementSyntax
                or AnonymousFunctionExpressionSyntax))
                continue;
            FileLinePositionSpan span = node.GetLocation().GetLineSpan();
            int lines = span.EndLinePosition.Line - span.StartLinePosition.Line + 1;
            if (lines > MaxMethodLines)
                yield return (file.Path, $"{lines} lines from {span.StartLinePosition.Line + 1}");
        }
    }

    private static IEnumerable<(string, string)> LongLines(SourceFile file) =>
        file.Lines.Index().Where(static line => line.Item.Length > MaxLineCharacters).Select(line => (file.Path, $"line {line.Index + 1}"));

    private static IEnumerable<(string, string)> NeedlessBraces(SourceFile file) => file.Tree.GetRoot().DescendantNodes()
        .OfType<BlockSyntax>()
        .Where(static block => block.Statements is [ExpressionStatementSyntax or ReturnStatementSyntax or ThrowStatementSyntax
            or BreakStatementSyntax or ContinueStatementSyntax]
            && IsOneLine(block.Statements[0]) && IsBodyOfOne(block)
                && !block.DescendantTrivia().Any(static trivia => trivia.IsKind(SyntaxKind.SingleLineCommentTrivia)))
        .Select(block => (file.Path, $"line {block.GetLocation().GetLineSpan().StartLinePosition.Line + 1}"));

    private static IEnumerable<(string, string)> MissingBraces(SourceFile file) => file.Tree.GetRoot().DescendantNodes()
        .OfType<StatementSyntax>()
        .Where(static body => body is not BlockSyntax && !IsOneLine(body) && body.Parent switch
        {
            IfStatementSyntax whether => whether.Statement == body,
            ElseClauseSyntax => body is not IfStatementSyntax,
            ForEachStatementSyntax or WhileStatementSyntax or ForStatementSyntax or DoStatementSyntax => true,
            UsingStatementSyntax => body is not UsingStatementSyntax,
            LockStatementSyntax => true,
            FixedStatementSyntax => body is not FixedStatementSyntax,
            _ => false,
        })
        .Select(body => (file.Path, $"none in line {body.GetLocation().GetLineSpan().StartLinePosition.Line + 1}"));

    /// <summary>True if no other part of the statement needs braces.</summary>
    private static bool IsBodyOfOne(BlockSyntax block) => block.Parent switch
    {
        IfStatementSyntax { Else: null, Parent: not ElseClauseSyntax } whether => IsOneLine(whether.Condition),
        ForEachStatementSyntax each => IsOneLine(each.Expression),
        WhileStatementSyntax loop => IsOneLine(loop.Condition),
        ForStatementSyntax loop => IsOneLine(loop.Condition) && loop.Incrementors.All(IsOneLine),
        _ => false,
    };

    private static bool IsOneLine(SyntaxNode? node)
    {
        if (node is null)
            return true;
        FileLinePositionSpan span = node.GetLocation().GetLineSpan();
        return span.StartLinePosition.Line == span.EndLinePosition.Line;
    }
}

using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace PiTap.Replay.Tests.House;

/// <summary>
/// Every named cap of the rooms has a test that carries its name, <c>[Trait("cap", "Room.Type.Cap")]</c>, and that fails where the cap is
/// raised out of reach. A cap is a constant or an option that is called Max, or a constant of a type called Limits.
/// </summary>
public sealed class CapTests
{
    [Fact]
    public void Each_named_cap_has_a_test_that_fails_without_it()
    {
        (string Path, string Name)[] caps = [.. Files("src/").SelectMany(Caps)];
        string[] tested = [.. Files("tests/").SelectMany(Tested)];
        Listing.IsEmpty(caps.Where(cap => !tested.Contains(cap.Name))
            .Select(static cap => $"{cap.Path}: no test has [Trait(\"cap\", \"{cap.Name}\")]"));
        Listing.IsEmpty(tested.Except(caps.Select(static cap => cap.Name)).Select(static name => $"a test is for {name}, which is no cap"));
    }

    [Fact]
    public void No_two_caps_of_a_room_have_one_name() =>
        Listing.IsEmpty(Files("src/").SelectMany(Caps).GroupBy(static cap => cap.Name).Where(static group => group.Count() > 1)
            .Select(static group => $"{group.Key}: {string.Join(", ", group.Select(static cap => cap.Path))}"));

    private static IEnumerable<SourceFile> Files(string folder) =>
        SourceFile.All.Where(file => file.Path.StartsWith(folder, StringComparison.Ordinal));

    private static IEnumerable<(string Path, string Name)> Caps(SourceFile file)
    {
        foreach (SyntaxNode node in file.Tree.GetRoot().DescendantNodes())
        {
            string? name = node switch
            {
                VariableDeclaratorSyntax constant when IsConstant(constant.Parent?.Parent) => constant.Identifier.Text,
                PropertyDeclarationSyntax option when IsOption(option) => option.Identifier.Text,
                _ => null,
            };
            string type = node.FirstAncestorOrSelf<TypeDeclarationSyntax>()?.Identifier.Text ?? "";
            bool isCap = name?.StartsWith("Max", StringComparison.Ordinal) == true || (type == "Limits" && name is not null);
            if (isCap)
                yield return (file.Path, $"{file.Project["src/PiTap.".Length..]}.{type}.{name}");
        }
    }

    private static bool IsConstant(SyntaxNode? declaration) => declaration switch
    {
        FieldDeclarationSyntax field => field.Modifiers.Any(SyntaxKind.ConstKeyword),
        LocalDeclarationStatementSyntax local => local.IsConst,
        _ => false,
    };

    private static bool IsOption(PropertyDeclarationSyntax property) =>
        property.Initializer is not null && property.AccessorList!.Accessors.Any(SyntaxKind.InitAccessorDeclaration);

    private static IEnumerable<string> Tested(SourceFile file) => file.Tree.GetRoot().DescendantNodes().OfType<AttributeSyntax>()
        .Where(static attribute => attribute.Name.ToString() == "Trait")
        .Select(static attribute => attribute.ArgumentList!.Arguments)
        .Where(static arguments => arguments[0].ToString() == "\"cap\"")
        .Select(static arguments => arguments[1].ToString().Trim('"'));
}

using Xunit;

namespace Mintmark.Tests.Examples;

public sealed class WhenAnExampleGetsAnotherVersion
{
    public static TheoryData<string> Examples => [.. ExampleTree.Names];

    [Theory]
    [MemberData(nameof(Examples))]
    public void TheSecondFitsTheFirstAndEachLaterOneTheSecond(string example)
    {
        using var tree = new ExampleTree(example);
        var patches = ExampleTree.PatchesOf(example).ToList();
        Assert.Equal("", tree.Check(patches[0]));
        tree.Apply(patches[0]);

        Assert.All(patches.Skip(1), patch => Assert.Equal("", tree.Check(patch)));
    }

    [Theory]
    [MemberData(nameof(Examples))]
    public void TheyFitOneAfterTheOtherWhenEachIsTakenBack(string example)
    {
        using var tree = new ExampleTree(example);
        var patches = ExampleTree.PatchesOf(example).ToList();
        tree.Apply(patches[0]);
        foreach (var patch in patches.Skip(1))
        {
            tree.Apply(patch);
            tree.Revert(patch);
        }

        Assert.Equal("", tree.Check(patches[^1]));
    }

    [Theory]
    [MemberData(nameof(Examples))]
    public void ThreeBadOnesAtTheLeastFollowAGoodOne(string example)
    {
        var texts = ExampleTree
            .PatchesOf(example)
            .Select(patch => File.ReadAllText(ExampleTree.PathOf(example, patch)))
            .ToList();

        Assert.InRange(texts.Count, 4, 20);
        Assert.Equal(texts.Count, texts.Distinct().Count());
    }

    [Theory]
    [MemberData(nameof(Examples))]
    public void EachIsInTheTable(string example) =>
        Assert.All(
            ExampleTree.PatchesOf(example),
            patch => Assert.Contains($"| `{patch}` |", ExampleTree.VersionsReadMe(example), StringComparison.Ordinal)
        );

    [Theory]
    [MemberData(nameof(Examples))]
    public void EachIsHeadedByWhatItsAuthorSays(string example) =>
        Assert.All(
            ExampleTree.PatchesOf(example),
            patch => Assert.Matches("^[a-z]+: .{10,60}$", File.ReadLines(ExampleTree.PathOf(example, patch)).First())
        );

    [Theory]
    [InlineData("bank", "08-configuration", "config/bank.json")]
    [InlineData("orderdesk", "05-configuration", "config/desk.json")]
    [InlineData("pricer", "07-configuration", "config/pricer.json")]
    public void TheBadConfigurationIsNothingButConfiguration(string example, string patch, string file) =>
        Assert.Equal(
            [$"diff --git a/{file} b/{file}"],
            File.ReadLines(ExampleTree.PathOf(example, patch))
                .Where(line => line.StartsWith("diff ", StringComparison.Ordinal))
        );

    [Fact]
    public void TheBankThatDoesNotStartLeavesItsSettingOut()
    {
        using var tree = new ExampleTree("bank");
        tree.Apply("02-references");
        tree.Apply("06-does-not-start");

        Assert.Contains("Money ReferenceWantedFrom", tree.Text("src/Settings.cs"), StringComparison.Ordinal);
        Assert.DoesNotContain("referenceWantedFrom", tree.Text("config/bank.json"), StringComparison.Ordinal);
    }
}

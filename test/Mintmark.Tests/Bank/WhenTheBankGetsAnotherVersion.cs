using Xunit;

namespace Mintmark.Tests.BankExample;

public sealed class WhenTheBankGetsAnotherVersion : IDisposable
{
    private const string Second = "02-references";

    private readonly BankTree tree = new();

    public static TheoryData<string> Later => [.. BankTree.Patches.Where(patch => patch != Second)];

    [Fact]
    public void TheSecondFitsTheFirst() => Assert.Equal("", tree.Check(Second));

    [Theory]
    [MemberData(nameof(Later))]
    public void EachLaterOneFitsTheSecond(string patch)
    {
        tree.Apply(Second);

        Assert.Equal("", tree.Check(patch));
    }

    [Fact]
    public void TheyFitOneAfterTheOtherWhenEachIsTakenBack()
    {
        tree.Apply(Second);
        foreach (var patch in BankTree.Patches.Where(patch => patch != Second))
        {
            tree.Apply(patch);
            tree.Revert(patch);
        }

        Assert.Equal("", tree.Check("09-pages"));
    }

    [Fact]
    public void TheirSourcesDiffer()
    {
        Assert.Equal(9, BankTree.Patches.Count());
        Assert.Equal(9, BankTree.Patches.Select(patch => File.ReadAllText(BankTree.PathOf(patch))).Distinct().Count());
    }

    [Fact]
    public void TheBadConfigurationIsNothingButConfiguration() =>
        Assert.Equal(
            ["diff --git a/config/bank.json b/config/bank.json"],
            File.ReadLines(BankTree.PathOf("08-configuration"))
                .Where(line => line.StartsWith("diff ", StringComparison.Ordinal))
        );

    [Fact]
    public void TheOneThatDoesNotStartLeavesItsSettingOut()
    {
        tree.Apply(Second);
        tree.Apply("06-does-not-start");

        Assert.Contains("Money ReferenceWantedFrom", tree.Text("src/Settings.cs"), StringComparison.Ordinal);
        Assert.DoesNotContain("referenceWantedFrom", tree.Text("config/bank.json"), StringComparison.Ordinal);
    }

    [Fact]
    public void EachIsInTheTable() =>
        Assert.All(
            BankTree.Patches,
            patch => Assert.Contains($"| `{patch}` |", BankTree.ReadMe, StringComparison.Ordinal)
        );

    [Fact]
    public void EachIsHeadedByWhatItsAuthorSays() =>
        Assert.All(
            BankTree.Patches,
            patch => Assert.Matches("^[a-z]+: .{10,60}$", File.ReadLines(BankTree.PathOf(patch)).First())
        );

    public void Dispose() => tree.Dispose();
}

using System.Text.Json;
using System.Text.RegularExpressions;
using Mintmark.Releases;
using Xunit;

namespace Mintmark.Tests.Cli;

public sealed partial class WhenVerdictsAreReplayed
{
    [Fact]
    public async Task TheLogOfTheHomeFolderGivesTheSameNumbers()
    {
        using var mint = new Mint();
        LoggedHome.Write(mint, Judged());
        var said = await mint.RunAsync("verdict", "replay", "rel-2");
        Assert.Equal((0, ""), (said.Exit, said.Error));
        // The numbers are the judge's matter, and its tests'.
        Golden.Matches("verdict-replayed", Number().Replace(said.Out, "#.###"));
    }

    [Fact]
    public async Task AnExportGivesTheSameNumbersOffline()
    {
        using var mint = new Mint();
        LoggedHome.Write(mint, Judged());
        Assert.Equal(0, (await mint.RunAsync("log", "export", "audit")).Exit);
        Directory.Delete(mint.HomeFolder, recursive: true);
        var said = await mint.RunAsync("verdict", "replay", "rel-2", "audit", "--json");
        Assert.Equal((0, ""), (said.Exit, said.Error));
        using var replayed = JsonDocument.Parse(said.Out);
        Assert.True(replayed.RootElement.GetProperty("same").GetBoolean());
        Assert.Equal(2, replayed.RootElement.GetProperty("verdicts").GetArrayLength());
    }

    [Fact]
    public async Task ANumberThatTheCountsDoNotGiveIsFound()
    {
        using var mint = new Mint();
        LoggedHome.Write(mint, Judged().Judged(Verdict.Worse, "31 errors", 9.412m));
        var said = await mint.RunAsync("verdict", "replay", "rel-2");
        Assert.Equal(1, said.Exit);
        Golden.Matches("verdict-not-replayed", Number().Replace(said.Out, "#.###"));
    }

    [Fact]
    public async Task AReleaseWithoutVerdictsFromCountsHasNothingToCompare()
    {
        using var mint = new Mint();
        LoggedHome.Write(mint, Judged());
        var said = await mint.RunAsync("verdict", "replay", "rel-1");
        Assert.Equal(0, said.Exit);
        Assert.StartsWith("rel-1: 0 verdicts from counts", said.Out, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("there is no rel-9 in FOLDER/home/log/log.db", "rel-9")]
    [InlineData("there is no folder FOLDER/audit", "rel-2", "audit")]
    [InlineData("'two' is no release, such as rel-12", "two")]
    public async Task WhatIsNotThereIsSaid(string what, params string[] arguments)
    {
        using var mint = new Mint();
        LoggedHome.Write(mint, Judged());
        var said = await mint.RunAsync(["verdict", "replay", .. arguments]);
        Assert.Equal(2, said.Exit);
        Assert.Contains(what, said.Error, StringComparison.Ordinal);
    }

    private static Story Judged() =>
        Story
            .WithAVersionInService()
            .Asked("Statements by month")
            .Built()
            .Gated()
            .Admitted()
            .Healthy()
            .Stepped()
            .Counted(ArmTally.Of(7_600, 4, ("errors", 4), ("slow-p99", 60)), ArmTally.Of(402, 0, ("slow-p99", 4)))
            .JudgedByCounts()
            .Stepped()
            .Counted(
                ArmTally.Of(900, 1, ("errors", 1), ("slow-p99", 9)),
                ArmTally.Of(1_310, 2, ("errors", 2), ("slow-p99", 3))
            )
            .JudgedByCounts();

    [GeneratedRegex(@"-?[0-9]+\.[0-9]{3}\b", RegexOptions.None, 1000)]
    private static partial Regex Number();
}

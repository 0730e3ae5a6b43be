using Mintmark.Releases;
using Xunit;

namespace Mintmark.Tests.Examples;

/// <summary>Each version comes to what the table beside it says, for its own reason.</summary>
[Collection(nameof(ShippedExamples))]
public sealed class WhenExamplesAreShipped(ShippedExamples examples)
{
    [Theory]
    [InlineData("first", Outcome.Promoted, "")]
    [InlineData("02-risk", Outcome.Promoted, "")]
    [InlineData("03-leap-day", Outcome.RolledBack, "yields-reprice")]
    [InlineData("04-newton", Outcome.RolledBack, "errors")]
    [InlineData("05-slow", Outcome.RolledBack, "slow")]
    [InlineData("06-failing-test", Outcome.Refused, "full-suite-passed")]
    [InlineData("07-configuration", Outcome.RolledBack, "no-stale-quote-used")]
    public async Task ThePricers(string version, Outcome outcome, string reason) =>
        Holds(outcome, reason, (await examples.ShippedAsync("pricer")).Of(version));

    [Theory]
    [InlineData("first", Outcome.Promoted, "")]
    [InlineData("02-time-in-force", Outcome.Promoted, "")]
    [InlineData("03-whole-lots", Outcome.RolledBack, "filled-within-ordered")]
    [InlineData("04-forgotten-keys", Outcome.RolledBack, "no-key-twice")]
    [InlineData("05-configuration", Outcome.RolledBack, "refused")]
    [InlineData("06-failing-test", Outcome.Refused, "full-suite-passed")]
    [InlineData("07-component", Outcome.Refused, "components-audited")]
    public async Task TheOrderDesks(string version, Outcome outcome, string reason) =>
        Holds(outcome, reason, (await examples.ShippedAsync("orderdesk")).Of(version));

    [Fact]
    public async Task TheBanks() => Holds(Outcome.Promoted, "", (await examples.ShippedAsync("bank")).Of("first"));

    [Theory]
    [InlineData("pricer")]
    [InlineData("orderdesk")]
    public async Task TheirClientsAreAnsweredByGoodVersionsAsEver(string example)
    {
        var shipped = await examples.ShippedAsync(example);
        var good = new[] { $"{example}-1", $"{example}-2" };

        Assert.All(
            shipped.Answers.Where(answer => answer.Mark is null || good.Contains(answer.Mark)),
            answer => Assert.True((int)answer.Status < 300, $"{answer}")
        );
        Assert.Subset(shipped.Answers.Select(answer => answer.Mark).ToHashSet(), good.ToHashSet<string?>());
    }

    private static void Holds(Outcome outcome, string reason, (Outcome? Outcome, string Reason) ended)
    {
        Assert.True(ended.Outcome == outcome, $"{ended}");
        Assert.Contains(reason, ended.Reason, StringComparison.Ordinal);
    }
}

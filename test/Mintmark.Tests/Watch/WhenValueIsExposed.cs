using Mintmark.Releases;
using Mintmark.Watch;
using Xunit;
using static Mintmark.Tests.Watch.Story;

namespace Mintmark.Tests.Watch;

public sealed class WhenValueIsExposed
{
    private static readonly Manifest Capped = Declared with
    {
        InvariantsPath = null,
        Rollout = Declared.Rollout with { Steps = [Step(500, 200) with { Value = new Money(10_000, "EUR") }] },
    };

    [Theory]
    [InlineData(9_999.99, Verdict.NotEnoughEvidence)]
    [InlineData(10_000, Verdict.GoodEnough)]
    public void TheStepEndsWhenItsCapOfValueIsReachedWithoutAlarm(double amount, Verdict expected)
    {
        using var story = Exposed(40, "EUR", (decimal)amount);
        Assert.Equal(expected, Verdicts.Of(story.State, story.Release, story.Now, story.Now).Verdict);
    }

    [Fact]
    public void AnotherCurrencyDoesNotCount()
    {
        using var story = Exposed(40, "USD", 90_000);
        Assert.StartsWith(
            "40 of 200 candidate requests, 0 of 10,000 EUR",
            Verdicts.Of(story.State, story.Release, story.Now, story.Now).Reason,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void WhatIsMissingIsToldWithTheSoonerEnd()
    {
        using var story = Exposed(40, "EUR", 7_500);
        var outlook = Outlook.Of(story.State, story.Release, story.Now.AddSeconds(60));
        Assert.Equal(new Money(2_500, "EUR"), outlook!.Value);
        Assert.Equal(160, outlook.Requests);
        Assert.Equal(20, outlook.Seconds!.Value, 1e-9);
    }

    private static Story Exposed(long requests, string currency, decimal amount) =>
        InMemory()
            .Serving()
            .Ramping(Capped)
            .Counted(
                ArmTally.Of(4_000, 0),
                ArmTally.Of(requests, 0) with
                {
                    Value = ByName.Of<decimal>((currency, amount)),
                }
            );
}

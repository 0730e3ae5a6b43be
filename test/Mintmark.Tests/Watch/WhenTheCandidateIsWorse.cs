using Mintmark.Watch;
using Xunit;
using static Mintmark.Tests.Watch.Tallies;

namespace Mintmark.Tests.Watch;

public sealed class WhenTheCandidateIsWorse(ITestOutputHelper output)
{
    /// <summary>
    /// No test that keeps its promise can do, on average, with fewer candidate errors than q ln(1/α) / KL(q‖w), where
    /// q is the true share of errors on the candidate (Wald). Measured beside it, over 300 releases each.
    /// </summary>
    [Theory]
    [InlineData(500, 3)]
    [InlineData(500, 10)]
    [InlineData(500, 50)]
    [InlineData(500, 1_000)]
    [InlineData(2_500, 3)]
    [InlineData(2_500, 10)]
    [InlineData(2_500, 50)]
    [InlineData(5_000, 3)]
    [InlineData(5_000, 10)]
    [InlineData(5_000, 50)]
    public void ItIsFoundWithHalfAsManyErrorsAgainAsAnyTestNeeds(int share, double ratio)
    {
        var w = share / 10_000.0;
        var q = w * ratio / (w * ratio + 1 - w);
        var information = q * Math.Log(q / w) + (1 - q) * Math.Log((1 - q) / (1 - w));
        var limit = q * Math.Log(1 / (double)Plan.FalseRollback) / information;

        var needed = Enumerable.Range(1, 300).Average(seed => ErrorsNeeded(seed, share, q));

        output.WriteLine($"share {w:P0}, {ratio} times the errors: limit {limit:0.0}, needed {needed:0.0}");
        Assert.InRange(needed, limit, 1.5 * limit + 0.5);
    }

    [Theory]
    [InlineData(100, 2)]
    [InlineData(500, 3)]
    [InlineData(2_500, 6)]
    [InlineData(5_000, 11)]
    public void ThatFailsAlwaysIsFoundAfterSoManyErrors(int share, int errors)
    {
        Assert.False(Judge.Weigh([Errors(share, 0, errors - 1)], Plan).Worse);
        Assert.True(Judge.Weigh([Errors(share, 0, errors)], Plan).Worse);
    }

    [Fact]
    public void ThatIsOnlySlowerIsFoundToo() => Assert.True(Judge.Weigh([Slow(500, 10, 9)], Plan).Worse);

    [Fact]
    public void WhatTheFirstStepShowedIsNotForgottenInTheSecond()
    {
        Assert.False(Judge.Weigh([Errors(500, 0, 2)], Plan).Worse);
        Assert.False(Judge.Weigh([Errors(2_500, 0, 3)], Plan).Worse);
        Assert.True(Judge.Weigh([Errors(500, 0, 2), Errors(2_500, 0, 3)], Plan).Worse);
    }

    private static double ErrorsNeeded(int seed, int share, double onCandidate)
    {
        var traffic = new Traffic(seed, [share], Plan);
        while (true)
        {
            var candidate = traffic.Chance(onCandidate);
            traffic.Count(candidate, error: true, slow: false);
            if (candidate && traffic.Evidence.Worse)
                return traffic.CandidateErrors;
        }
    }
}

using Mintmark.Watch;
using Xunit;
using static Mintmark.Tests.Watch.Tallies;

namespace Mintmark.Tests.Watch;

public sealed class WhenThereIsNothingToWeigh
{
    [Fact]
    public void NoStepsAreNoEvidence()
    {
        var evidence = Judge.Weigh([], Plan);

        Assert.Equal(0, evidence.LogWorse, 12);
        Assert.Equal(0, evidence.LogTolerable, 12);
        Assert.False(evidence.Worse);
        Assert.False(evidence.Tolerable);
    }

    [Fact]
    public void AStepThatServesOneArmOnlyIsNoEvidence()
    {
        var evidence = Judge.Weigh([Errors(0, 1_000, 5), Errors(10_000, 3, 1_000_000)], Plan);

        Assert.Equal(0, evidence.LogWorse, 12);
        Assert.Equal(0, evidence.LogTolerable, 12);
    }

    [Fact]
    public void TheIndicatorsShareTheFalseRollbackProbability()
    {
        var evidence = Judge.Weigh([], Plan, ["declined"]);

        Assert.Equal(6, evidence.Indicators.Count);
        var spent = evidence.Indicators.Sum(i => Math.Exp(i.LogWorse - evidence.Threshold));
        Assert.Equal((double)Plan.FalseRollback, spent, 12);
    }
}

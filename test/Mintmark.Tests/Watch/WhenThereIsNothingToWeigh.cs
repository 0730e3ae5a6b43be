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
    public void EachOfTheTwoTestsGetsHalfOfTheFalseRollbackProbability() =>
        Assert.Equal(Math.Log(2_000), Judge.Weigh([], Plan).Threshold, 12);
}

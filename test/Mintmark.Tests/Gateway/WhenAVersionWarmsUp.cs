using Mintmark.Gateway;
using Mintmark.Releases;
using Xunit;

namespace Mintmark.Tests.Gateway;

public sealed class WhenAVersionWarmsUp
{
    private const long Start = 1_000_000;

    private readonly LiveRelease release = new(new ReleaseId(7), Indicators.Of([]), warmUp: 10_000);

    [Fact]
    public void ItTakesItsTimeHoweverManyRequestsComeInIt()
    {
        Assert.False(release.Warm(onCandidate: true, () => 1, Start));
        Assert.False(release.Warm(onCandidate: true, () => 5_000, Start + 9_999));
        Assert.True(release.Warm(onCandidate: true, () => 5_001, Start + 10_000));
        Assert.True(release.IsWarm);
    }

    [Fact]
    public void ItTakesItsRequestsHoweverLongTheyTake()
    {
        Assert.False(release.Warm(onCandidate: true, () => 1, Start));
        Assert.False(release.Warm(onCandidate: true, () => 99, Start + 3_600_000));
        Assert.True(release.Warm(onCandidate: true, () => 100, Start + 3_600_000));
    }

    [Fact]
    public void ItBeginsWithItsOwnFirstRequest()
    {
        Assert.False(release.Warm(onCandidate: false, () => 100, Start));
        Assert.False(release.Warm(onCandidate: true, () => 100, Start + 10_000));
        Assert.True(release.Warm(onCandidate: false, () => 100, Start + 20_000));
    }

    [Fact]
    public void WithoutATimeBothArmsCountFromTheHundredthRequestOn()
    {
        var old = new LiveRelease(new ReleaseId(7), Indicators.Of([]), warmUp: 0);
        Assert.False(old.Warm(onCandidate: false, () => 99, Start));
        Assert.True(old.Warm(onCandidate: false, () => 100, Start));
    }

    /// <summary>In a later step a gateway that has just started takes no time: the candidate has had it.</summary>
    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 1)]
    public async Task NothingIsSlowMeanwhile(int stepInForce, int slow)
    {
        await using var old = await Instance.SayingAsync("old");
        await using var fresh = await Instance.SayingAsync("new");
        await using var rig = await Rig.StartAsync();
        var bank = Rig.Bank(old, fresh, share: 10_000, step: stepInForce, slowMicroseconds: 0);
        var compared = bank.Comparison!;
        var patient = compared.Rollout with { WarmUpSeconds = 600 };
        await rig.PutAsync(bank with { Comparison = compared with { Rollout = patient } });

        for (var i = 0; i < 5; i++)
            await rig.AskAsync("one");

        var step = Assert.Single((await rig.ReportAsync(r => r.Steps.Sum(s => s.Candidate.Requests) == 5)).Steps);
        Assert.Equal(ArmTally.Of(5, 0, ("slow-p99", slow)), step.Candidate);
    }
}

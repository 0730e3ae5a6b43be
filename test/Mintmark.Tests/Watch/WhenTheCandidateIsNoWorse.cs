using Mintmark.Releases;
using Xunit;

namespace Mintmark.Tests.Watch;

/// <summary>α is 5 % here, so that breaking the promise would show in a thousand releases.</summary>
public sealed class WhenTheCandidateIsNoWorse(ITestOutputHelper output)
{
    private const int Releases = 1_000;
    private const double Alpha = 0.05;
    private static readonly RolloutPlan Plan = Tallies.Plan with { FalseRollback = 0.05m };

    [Theory]
    [InlineData(100)]
    [InlineData(500)]
    [InlineData(2_500)]
    [InlineData(5_000)]
    public void AFixedShareSeldomLooksWorseThoughEveryUnitIsLookedAt(int share) =>
        Holds(seed =>
        {
            var traffic = new Traffic(seed, [share], Plan);
            for (var unit = 0; unit < 400; unit++)
            {
                var candidate = traffic.Chance(traffic.Share);
                traffic.Count(candidate, error: true, slow: false);
                if (candidate && traffic.Evidence.Worse)
                    return true;
            }
            return false;
        });

    [Fact]
    public void SharedOutagesAndSharesThatFollowTheEvidenceChangeNothing() =>
        Holds(seed =>
        {
            var traffic = new Traffic(seed, [100, 500, 2_500, 5_000, 9_000], Plan);
            var outage = 0;
            for (var request = 0; request < 8_000; request++)
            {
                outage = traffic.Chance(0.001) ? 60 : outage - 1;
                var candidate = traffic.Chance(traffic.Share);
                var error = traffic.Chance(outage > 0 ? 0.5 : 0.002);
                var slow = traffic.Chance(outage > 0 ? 0.9 : 0.01);
                if (!error && !slow)
                    continue;
                traffic.Count(candidate, error, slow);
                var evidence = traffic.Evidence;
                if (evidence.Worse)
                    return true;
                // The worst habit a rollout could have: it goes on just where the candidate looks bad.
                if (evidence.LogWorse > 0.4 * (traffic.Step + 1) && traffic.Step < 4)
                    traffic.Step++;
            }
            return false;
        });

    /// <summary>
    /// Clients stay with their version, some fail far more often than others, and the slow ones are the failing ones.
    /// </summary>
    [Fact]
    public void StickyClientsOfUnequalLuckChangeNothing() =>
        Holds(seed =>
        {
            var traffic = new Traffic(seed, [500, 2_500, 5_000], Plan);
            var place = Enumerable.Range(0, 300).Select(_ => traffic.Uniform()).ToArray();
            var failed = new bool[place.Length];
            var slowed = new bool[place.Length];
            for (var request = 0; request < 9_000; request++)
            {
                traffic.Step = request / 3_000;
                var client = traffic.Below(place.Length);
                var unlucky = client < 60 ? 20 : 1;
                var slow = traffic.Chance(0.004 * unlucky) && !slowed[client];
                var error = traffic.Chance((slow ? 0.1 : 0.002) * unlucky) && !failed[client];
                if (!error && !slow)
                    continue;
                slowed[client] |= slow;
                failed[client] |= error;
                traffic.Count(place[client] < traffic.Share, error, slow);
                if (traffic.Evidence.Worse)
                    return true;
            }
            return false;
        });

    [Fact]
    public void ABetterCandidateLooksWorseEvenLess()
    {
        var worse = Enumerable
            .Range(0, 300)
            .Count(seed =>
            {
                var traffic = new Traffic(seed, [2_500], Plan);
                for (var unit = 0; unit < 300; unit++)
                {
                    traffic.Count(traffic.Chance(0.14), error: true, slow: false);
                    if (traffic.Evidence.Worse)
                        return true;
                }
                return false;
            });

        Assert.InRange(worse, 0, 3);
    }

    private void Holds(Func<int, bool> looksWorse)
    {
        var worse = Enumerable.Range(1, Releases).Count(looksWorse);
        output.WriteLine($"{worse} of {Releases} good releases looked worse; promised are at most {Alpha:P0}");
        Assert.True(Binomial.Tail(Releases, worse, Alpha) > 0.001, $"{worse} of {Releases} looked worse");
        Assert.True(worse > 0, "a judge that never condemns was not tested");
    }
}

using Mintmark.Releases;
using Mintmark.Watch;

namespace Mintmark.Tests.Watch;

/// <summary>Seeded traffic on two arms; every unit with an error is weighed as soon as it is counted.</summary>
internal sealed class Traffic(int seed, IReadOnlyList<int> shares, RolloutPlan plan)
{
    private readonly Random _random = new(seed);
    private readonly StepTally[] _steps = [.. shares.Select(s => Tallies.Errors(s, 0, 0))];

    public int Step { get; set; }

    public double Share => shares[Step] / 10_000.0;

    public StepTally Now => _steps[Step];

    /// <summary>Candidate units with an error so far.</summary>
    public long CandidateErrors => _steps.Sum(s => s.Candidate.Bad["errors"]);

    public Mintmark.Watch.Evidence Evidence => Judge.Weigh(_steps, plan);

    public bool Chance(double probability) => _random.NextDouble() < probability;

    public int Below(int limit) => _random.Next(limit);

    public double Uniform() => _random.NextDouble();

    public void Count(bool candidate, bool error, bool slow)
    {
        var unit = ArmTally.Of(1, error ? 1 : 0, ("errors", error ? 1 : 0), ("slow-p99", slow ? 1 : 0));
        _steps[Step] = candidate
            ? Now with
            {
                Candidate = Now.Candidate + unit,
            }
            : Now with
            {
                Baseline = Now.Baseline + unit,
            };
    }
}

internal static class Binomial
{
    /// <summary>
    /// Probability of at least this many hits where each try hits with the given probability: a small one speaks
    /// against it.
    /// </summary>
    public static double Tail(int tries, int hits, double probability)
    {
        var log = tries * Math.Log(1 - probability);
        var below = 0.0;
        for (var k = 0; k < hits; k++)
        {
            below += Math.Exp(log);
            log += Math.Log((double)(tries - k) / (k + 1)) + Math.Log(probability / (1 - probability));
        }
        return 1 - below;
    }
}

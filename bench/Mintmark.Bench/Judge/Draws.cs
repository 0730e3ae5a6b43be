namespace Mintmark.Bench.Judge;

/// <summary>Seeded draws.</summary>
internal sealed class Draws(int seed)
{
    private const double ManyHits = 30;

    private readonly Random random = new(seed);

    public double Uniform() => random.NextDouble();

    public bool Chance(double probability) => random.NextDouble() < probability;

    /// <summary>How many misses come before the first hit.</summary>
    public long Misses(double probability) =>
        probability >= 1 ? 0 : (long)Math.Min(1e15, Math.Log(1 - random.NextDouble()) / Math.Log(1 - probability));

    /// <summary>Hits of so many tries: exact where few are expected, rounded normal where many are.</summary>
    public long Hits(long tries, double probability)
    {
        if (probability > 0.5)
            return tries - Hits(tries, 1 - probability);
        var mean = tries * probability;
        if (mean > ManyHits)
            return (long)Math.Clamp(Math.Round(mean + Normal() * Math.Sqrt(mean * (1 - probability))), 0, tries);
        var hits = 0L;
        if (probability <= 0)
            return hits;
        for (var at = Misses(probability); at < tries; at += 1 + Misses(probability))
            hits++;
        return hits;
    }

    private double Normal() =>
        Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}

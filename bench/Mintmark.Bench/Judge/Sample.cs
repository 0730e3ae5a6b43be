namespace Mintmark.Bench.Judge;

/// <summary>A mean with its standard error.</summary>
internal readonly record struct Sample(double Mean, double Error)
{
    /// <summary>Each part has its own seed, so that a result does not depend on the number of processors.</summary>
    public static Sample Of(int seed, int runs, Func<Draws, double> run)
    {
        const int Parts = 16;
        var sums = new (double Sum, double Squares)[Parts];
        Parallel.For(
            0,
            Parts,
            part =>
            {
                var draws = new Draws(HashCode(seed, part));
                for (var i = 0; i < runs / Parts; i++)
                {
                    var value = run(draws);
                    sums[part].Sum += value;
                    sums[part].Squares += value * value;
                }
            }
        );
        var n = runs / Parts * Parts;
        var mean = sums.Sum(s => s.Sum) / n;
        return new(mean, Math.Sqrt(Math.Max(0, sums.Sum(s => s.Squares) / n - mean * mean) / n));
    }

    /// <summary>Upper end of the interval that holds the true mean in 97.5 % of samples.</summary>
    public double Upper => Mean + 1.96 * Error;

    private static int HashCode(int seed, int part) => unchecked((seed * 31 + part) * 1_000_003 + 12_345);
}

namespace Mintmark.Watch;

/// <summary>
/// Simple alternatives to "the rate of bad requests is at most so much", for one arm alone. Under any rate on the
/// null's side, and for requests that are independent, the likelihood ratio of each is a supermartingale.
/// </summary>
internal sealed class RateAlternatives
{
    private const double LeastRate = 1e-6;
    private const double MostRate = 0.99;

    private static readonly double[] Multiples = [2, 5, 20, 100];

    private readonly (double Bad, double Good)[] _factors;

    /// <param name="most">The greatest rate on the null's side.</param>
    public RateAlternatives(double most)
    {
        var ordinary = most >= LeastRate ? Math.Min(most, MostRate) : LeastRate;
        _factors =
        [
            .. Multiples
                .Select(multiple => Math.Min(multiple * ordinary, (1 + ordinary) / 2))
                .Select(rate => (Math.Log(rate / ordinary), Math.Log((1 - rate) / (1 - ordinary)))),
        ];
    }

    public static int Count => Multiples.Length;

    public double Log(int alternative, long bad, long good) =>
        bad * _factors[alternative].Bad + good * _factors[alternative].Good;
}

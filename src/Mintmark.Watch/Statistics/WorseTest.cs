using System.Collections.Concurrent;
using Mintmark.Releases;

namespace Mintmark.Watch;

/// <summary>
/// The evidence of one indicator against "the candidate is no worse", as an e-value: reaches 1/α with probability at
/// most α if the candidate is no worse, however often it is looked at (Ville's inequality), whatever the rate that both
/// arms share does meanwhile. Only counts enter, so the order of units and reports changes no bit of it.
/// <para>
/// It is a mean, with weights fixed before the first unit, of three e-processes over the same units: bets on the steps
/// (<see cref="CalibratedWalk"/>, multiplied over the steps, since each is an e-process whatever the others do), the
/// mixture that adds up over all steps (<see cref="RatioMixture"/>), and candidates that fail often
/// (<see cref="Outright"/>).
/// </para>
/// </summary>
public static class WorseTest
{
    /// <summary>Of the mean: what the mixture over all steps weighs.</summary>
    private const double AllSteps = 0.1;

    /// <summary>Of the mean: what candidates that fail often weigh at a share of one half or more.</summary>
    private const double FailsOften = 0.215;

    /// <summary>A later step's bet may pay more than the first's, as earlier ones have mostly lost some.</summary>
    private const double LaterStakes = 4;

    private const int MostWalks = 128;

    /// <summary>Rates of candidates that fail often. A good unit is impossible at 1 and would end the bet.</summary>
    private static readonly (double Rate, double LogWeight)[] Outrights =
    [
        (0.5, Math.Log(0.58)),
        (0.995, Math.Log(0.42)),
    ];

    private static readonly RatioMixture Ratios = new(1, Alternatives());

    private static readonly ConcurrentDictionary<(Share, double, bool), Lazy<CalibratedWalk>> Walks = new();

    /// <param name="steps">Of one indicator, every step of the release so far, in order.</param>
    /// <param name="alpha">What the indicator may spend in the whole release.</param>
    /// <returns>ln of the e-value; the candidate is worse from -ln α on.</returns>
    public static double Log(ReadOnlySpan<UnitCounts> steps, double alpha)
    {
        var first = First(steps);
        if (first < 0 || NothingCounted(steps))
            return 0;
        var often = OftenAt(steps[first].Share);
        var bets = 0.0;
        for (var i = first; i < steps.Length; i++)
        {
            ref readonly var step = ref steps[i];
            if (step.IsContested && step.Bad > 0)
                bets += Walk(step.Share, alpha, i == first)
                    .Log(step.BaselineBad + step.CandidateBad, step.CandidateBad);
        }
        Span<double> parts = stackalloc double[2 + Outrights.Length];
        parts[0] = Math.Log(1 - AllSteps - often) + bets;
        parts[1] = Math.Log(AllSteps) + Ratios.Log(steps);
        for (var k = 0; k < Outrights.Length; k++)
            parts[2 + k] = Math.Log(often) + Outrights[k].LogWeight + Outright.Log(steps, Outrights[k].Rate);
        return LogSpace.Sum(parts);
    }

    /// <summary>
    /// Computes the tables of a step in advance, some milliseconds' work, so that no request waits for it.
    /// </summary>
    public static void Prepare(ReadOnlySpan<UnitCounts> steps, double alpha)
    {
        for (var (i, first) = (0, First(steps)); i < steps.Length; i++)
        {
            if (steps[i].IsContested)
                Walk(steps[i].Share, alpha, i == first);
        }
    }

    private static bool NothingCounted(ReadOnlySpan<UnitCounts> steps)
    {
        foreach (ref readonly var step in steps)
        {
            if (step.Units > 0)
                return false;
        }
        return true;
    }

    private static int First(ReadOnlySpan<UnitCounts> steps)
    {
        for (var i = 0; i < steps.Length; i++)
        {
            if (steps[i].IsContested)
                return i;
        }
        return -1;
    }

    private static CalibratedWalk Walk(Share share, double alpha, bool first)
    {
        if (Walks.TryGetValue((share, alpha, first), out var known))
            return known.Value;
        if (Walks.Count >= MostWalks)
            Walks.Clear();
        var walk = Walks.GetOrAdd(
            (share, alpha, first),
            static key => new(() => Calibrated(key.Item1, key.Item2, key.Item3))
        );
        return walk.Value;
    }

    /// <summary>
    /// On the boundary of the first step the mixture over all steps is worth e^b as well, so the bet needs to pay less.
    /// </summary>
    private static CalibratedWalk Calibrated(Share share, double alpha, bool first)
    {
        const double Beyond = 1.5;
        var bets = 1 - AllSteps - OftenAt(share);
        return CalibratedWalk.Lowest(
            Ratios,
            share,
            Math.Log(1 / alpha) + (first ? Beyond : Math.Log(LaterStakes)),
            b => first ? bets / (1 / alpha - AllSteps * Math.Exp(b)) : alpha / LaterStakes
        );
    }

    /// <summary>The smaller the share, the less good units say beside bad ones.</summary>
    private static double OftenAt(Share share) => FailsOften * Math.Pow(Math.Min(1, 2 * share.Fraction), 0.8);

    /// <summary>
    /// Ratios from 1.8 to 109, evenly spaced in ln ln ρ since a test that needs fewer units tells ratios less well
    /// apart, and one for outright failure. Weights and ends are chosen for the least cost, in candidate requests over
    /// the limit, that is the greatest over ratios of 2 to 60 and shares of 1, 5 and 50 % (decision 10).
    /// </summary>
    private static List<(double Ratio, double Weight)> Alternatives()
    {
        const double OutrightFailure = 0.06;
        var parts = new List<(double Ratio, double Weight)>();
        for (var log = Math.Log(1.8); log < Math.Log(110); log *= 1.13)
            parts.Add((Math.Exp(log), Math.Pow(log, 0.8)));
        parts[0] = (parts[0].Ratio, 7 * parts[0].Weight);
        parts[^1] = (parts[^1].Ratio, 4 * parts[^1].Weight);
        var sum = parts.Sum(p => p.Weight);
        parts.Add((500, sum * OutrightFailure / (1 - OutrightFailure)));
        return parts;
    }
}

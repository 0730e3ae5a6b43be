using Mintmark.Releases;

namespace Mintmark.Watch;

/// <summary>
/// The errors-only e-process (conditional Bernoulli; Lindon and Malek, arXiv 2011.03567), mixed over alternatives, for
/// a share that changes from step to step.
/// <para>
/// Where the candidate's rate of bad units is ρ times the baseline's, a bad unit in a step with candidate share w is
/// the candidate's with probability wρ/(1 + w(ρ-1)). So the likelihood ratio of ρ against ρ₀ over the steps i, with c
/// of n bad units on the candidate, is Π (ρ/ρ₀)^cᵢ ((1 + wᵢ(ρ₀-1)) / (1 + wᵢ(ρ-1)))^nᵢ. Under any true ratio on the
/// null's side of ρ₀ it is a supermartingale, and so is a mixture over ρ beyond ρ₀.
/// </para>
/// </summary>
internal sealed class RatioMixture
{
    private readonly double _against;
    private readonly double[] _ratios;
    private readonly double[] _logMultiples;
    private readonly double[] _logWeights;

    /// <summary>By share. Gateways weigh on each bad answer, and logarithms are most of the work.</summary>
    private readonly double[]?[] _losses = new double[Share.Whole][];

    public RatioMixture(double against, IReadOnlyList<(double Ratio, double Weight)> parts)
    {
        _against = against;
        var whole = parts.Sum(p => p.Weight);
        _ratios = [.. parts.Select(p => p.Ratio)];
        _logMultiples = [.. parts.Select(p => Math.Log(p.Ratio / against))];
        _logWeights = [.. parts.Select(p => Math.Log(p.Weight / whole))];
    }

    /// <returns>ln of the e-value.</returns>
    public double Log(ReadOnlySpan<UnitCounts> steps)
    {
        Span<double> logs = stackalloc double[_ratios.Length];
        _logWeights.CopyTo(logs);
        foreach (ref readonly var step in steps)
        {
            if (step.IsContested)
                Add(logs, Losses(step.Share), step.Bad, step.CandidateBad);
        }
        return LogSpace.Sum(logs);
    }

    /// <param name="bad">Bad units of one step, of which <paramref name="candidate"/> are the candidate's.</param>
    public double Log(Share share, double bad, double candidate)
    {
        Span<double> logs = stackalloc double[_ratios.Length];
        _logWeights.CopyTo(logs);
        Add(logs, Losses(share), bad, candidate);
        return LogSpace.Sum(logs);
    }

    private void Add(Span<double> logs, double[] losses, double bad, double candidate)
    {
        for (var k = 0; k < logs.Length; k++)
            logs[k] += candidate * _logMultiples[k] - bad * losses[k];
    }

    /// <summary>Threads that race here compute the same numbers.</summary>
    private double[] Losses(Share share)
    {
        if (Volatile.Read(ref _losses[share.BasisPoints]) is { } known)
            return known;
        var losses = LossesAt(share.Fraction);
        Volatile.Write(ref _losses[share.BasisPoints], losses);
        return losses;
    }

    /// <summary>What each bad unit costs, whichever arm it falls on.</summary>
    private double[] LossesAt(double w)
    {
        var nothing = Math.Log(1 + w * (_against - 1));
        return [.. _ratios.Select(ratio => Math.Log(1 + w * (ratio - 1)) - nothing)];
    }
}

using Mintmark.Releases;

namespace Mintmark.Watch;

/// <summary>A mixture of simple alternatives, each a multiple of the ratio that is tested against.</summary>
internal sealed class Mixture
{
    private readonly double _against;
    private readonly double[] _multiples;
    private readonly double[] _logMultiples;
    private readonly double[] _logWeights;

    /// <summary>By share. Gateways weigh on each error, and logarithms are most of the work.</summary>
    private readonly double[]?[] _losses = new double[Share.Whole][];

    public Mixture(double against, IReadOnlyList<(double Multiple, double Weight)> parts)
    {
        _against = against;
        var whole = parts.Sum(p => p.Weight);
        _multiples = [.. parts.Select(p => p.Multiple)];
        _logMultiples = [.. parts.Select(p => Math.Log(p.Multiple))];
        _logWeights = [.. parts.Select(p => Math.Log(p.Weight / whole))];
    }

    /// <returns>ln of the e-value of an indicator.</returns>
    public double Weigh(IReadOnlyList<StepTally> steps, string indicator)
    {
        Span<double> logs = stackalloc double[_multiples.Length];
        _logWeights.CopyTo(logs);
        foreach (var (share, baseline, candidate) in steps)
        {
            // Where only one arm is served, where a unit falls says nothing.
            if (share.BasisPoints is 0 or Share.Whole)
                continue;
            var losses = Losses(share);
            var bad = candidate.Bad[indicator];
            var units = (double)baseline.Bad[indicator] + bad;
            for (var k = 0; k < losses.Length; k++)
                logs[k] += bad * _logMultiples[k] - units * losses[k];
        }
        return LogSpace.Sum(logs);
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

    /// <summary>What each unit costs, whichever arm it falls on: ln((1 + w(ρ-1)) / (1 + w(ρ₀-1))).</summary>
    private double[] LossesAt(double w)
    {
        var nothing = Math.Log(1 + w * (_against - 1));
        return [.. _multiples.Select(multiple => Math.Log(1 + w * (_against * multiple - 1)) - nothing)];
    }
}

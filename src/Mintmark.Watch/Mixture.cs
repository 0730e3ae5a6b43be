using Mintmark.Releases;

namespace Mintmark.Watch;

/// <summary>A mixture of simple alternatives, each a multiple of the ratio that is tested against.</summary>
internal sealed class Mixture
{
    private readonly double[] _multiples;
    private readonly double[] _logMultiples;
    private readonly double[] _logWeights;

    public Mixture(params IReadOnlyList<(double Multiple, double Weight)> parts)
    {
        var whole = parts.Sum(p => p.Weight);
        _multiples = [.. parts.Select(p => p.Multiple)];
        _logMultiples = [.. parts.Select(p => Math.Log(p.Multiple))];
        _logWeights = [.. parts.Select(p => Math.Log(p.Weight / whole))];
    }

    /// <returns>ln of the e-values of errors and of slowness.</returns>
    public (double Errors, double Slow) Weigh(IReadOnlyList<StepTally> steps, double against)
    {
        Span<double> errors = stackalloc double[_multiples.Length];
        Span<double> slow = stackalloc double[_multiples.Length];
        _logWeights.CopyTo(errors);
        _logWeights.CopyTo(slow);
        foreach (var (share, baseline, candidate) in steps)
        {
            // Where only one arm is served, where a unit falls says nothing.
            if (share.BasisPoints is 0 or Share.Whole)
                continue;
            var w = share.Fraction;
            var logNull = Math.Log(1 + w * (against - 1));
            var errorUnits = (double)baseline.ErrorUnits + candidate.ErrorUnits;
            var slowUnits = (double)baseline.SlowUnits + candidate.SlowUnits;
            if (errorUnits + slowUnits == 0)
                continue;
            for (var k = 0; k < _multiples.Length; k++)
            {
                var lost = Math.Log(1 + w * (against * _multiples[k] - 1)) - logNull;
                errors[k] += candidate.ErrorUnits * _logMultiples[k] - errorUnits * lost;
                slow[k] += candidate.SlowUnits * _logMultiples[k] - slowUnits * lost;
            }
        }
        return (LogSpace.Sum(errors), LogSpace.Sum(slow));
    }
}

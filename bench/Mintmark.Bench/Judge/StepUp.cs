using Mintmark.Releases;
using Mintmark.Watch;

namespace Mintmark.Bench.Judge;

/// <summary>Candidate requests until a good candidate is tolerable, and what a fixed-sample test needs.</summary>
internal static class StepUp
{
    private const double Past = 0.001;
    private const int Runs = 4_000;
    private const double Goal = 1.5;

    public sealed record Line(int Share, double Tolerated, double Fixed, double Limit, Sample Ours);

    public static IReadOnlyList<Line> Measure(int seed) =>
        [
            .. from share in new[] { 100, 500, 5_000 }
            from tolerated in new[] { 2.0, 10 }
            let w = new Share(share).Fraction
            let byRequest = w / Past
            select new Line(
                share,
                tolerated,
                FixedUnits(w, Of(w, tolerated)) * byRequest,
                Math.Log(20) / Divergence(w, Of(w, tolerated)) * byRequest,
                Sample.Of(seed + share + (int)tolerated, Runs, d => Units(d, new Share(share), tolerated) * byRequest)
            ),
        ];

    public static void Print(IReadOnlyList<Line> lines, TextWriter output)
    {
        output.WriteLine(
            "Candidate requests until a candidate as good as the baseline (0.1 %) is seen to be tolerable,"
        );
        output.WriteLine("wrongly with 5 % at most; fixed: an exact binomial test that finds 80 % of good candidates");
        output.WriteLine($"  {"share", 7}{"tolerated", 11}{"limit", 10}{"fixed", 10}{"ours", 10}{"ours/fixed", 12}");
        foreach (var l in lines)
            output.WriteLine(
                $"  {l.Share / 100.0, 5:0} %{l.Tolerated, 9:0} x{l.Limit, 10:N0}{l.Fixed, 10:N0}{l.Ours.Mean, 10:N0}"
                    + $"{l.Ours.Mean / l.Fixed, 12:N2}"
            );
    }

    public static IEnumerable<Figure> Figures(IReadOnlyList<Line> lines) =>
        [
            Figure.AtMost(
                "evidence for a step up by fixed-sample test, worst",
                lines.Max(l => l.Ours.Mean / l.Fixed),
                "",
                Goal
            ),
        ];

    private static double Units(Draws draws, Share share, double tolerated)
    {
        var counts = new UnitCounts(share, 0, 0, 0, 0);
        for (var units = 1; ; units++)
        {
            counts = draws.Chance(share.Fraction)
                ? counts with
                {
                    CandidateBad = counts.CandidateBad + 1,
                }
                : counts with
                {
                    BaselineBad = counts.BaselineBad + 1,
                };
            if (TolerableTest.Log([counts], tolerated) >= -Math.Log(TolerableTest.FalseTolerable))
                return units;
        }
    }

    /// <summary>Fewest bad units for a test that is wrong with 5 % and finds 80 % of good candidates.</summary>
    private static int FixedUnits(double good, double bad)
    {
        for (var n = 1; ; n++)
        {
            var (atBad, atGood) = (0.0, 0.0);
            for (var c = 0; c <= n; c++)
            {
                atBad += Chance(n, c, bad);
                if (atBad > 0.05)
                    break;
                atGood += Chance(n, c, good);
            }
            if (atGood >= 0.8)
                return n;
        }
    }

    private static double Chance(int n, int c, double p)
    {
        var log = c * Math.Log(p) + (n - c) * Math.Log(1 - p);
        for (var i = 0; i < c; i++)
            log += Math.Log((double)(n - i) / (c - i));
        return Math.Exp(log);
    }

    private static double Of(double w, double ratio) => w * ratio / (1 + w * (ratio - 1));

    private static double Divergence(double p, double q) => p * Math.Log(p / q) + (1 - p) * Math.Log((1 - p) / (1 - q));
}

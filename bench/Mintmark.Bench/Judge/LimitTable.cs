using Mintmark.Releases;
using Mintmark.Watch;

namespace Mintmark.Bench.Judge;

/// <summary>Ours against the least candidate requests that any test needs which is wrong with α at most.</summary>
internal static class LimitTable
{
    private const int Runs = 4_000;
    private const int MoreRuns = 32_000;
    private const double QuicklyPlayed = 1_000;
    private const double Alpha = 1e-4;

    /// <summary>Above it, ours is to be within a ratio of the limit; below, within so many requests.</summary>
    private const double FewRequests = 20;
    private const double Ratio = 1.2;
    private const double More = 2;

    internal sealed record Line(
        string Indicator,
        int Share,
        double Baseline,
        double Candidate,
        bool Named,
        double Alpha,
        double Limit,
        Sample Needed
    )
    {
        public bool Holds => Limit > FewRequests ? Needed.Mean <= Ratio * Limit : Needed.Mean <= Limit + More;
    }

    public static IReadOnlyList<Line> Measure(int seed)
    {
        var lines = new List<Line>();
        var errors = Alphas.Errors * Alpha;
        var slow = Alphas.OfOther(Alphas.Latencies) * Alpha;
        foreach (var share in new[] { 100, 500, 5_000 })
        {
            foreach (var rate in new[] { 0.002, 0.01, 0.05, 0.5, 1 })
                lines.Add(Of(seed + lines.Count, "errors", share, 0.001, rate, true, errors, Alpha));
            foreach (var rate in new[] { 0.003, 0.005, 0.02, 0.1, 0.2 })
                lines.Add(Of(seed + lines.Count, "errors", share, 0.001, rate, false, errors, Alpha));
            foreach (var rate in new[] { 0.05, 0.2, 1 })
                lines.Add(Of(seed + lines.Count, "slow", share, 0.01, rate, true, slow, slow));
        }
        // Nothing was chosen by looking at these: shares and baselines between and beside the goals'.
        foreach (var share in new[] { 200, 1_000, 2_500 })
        {
            foreach (var rate in new[] { 0.002, 0.01, 0.05 })
                lines.Add(Of(seed + lines.Count, "errors", share, 0.001, rate, false, errors, Alpha));
            lines.Add(Of(seed + lines.Count, "errors", share, 0.005, 0.05, false, errors, Alpha));
        }
        return lines;
    }

    public static void Print(IReadOnlyList<Line> lines, TextWriter output)
    {
        output.WriteLine("Candidate requests until a bad candidate is found, mean, and the limit for any test");
        output.WriteLine($"errors: whole release alpha 1e-4, of which errors may spend {Alphas.Errors:P0};");
        output.WriteLine("slow: the limit is that of the alpha which one latency indicator may spend");
        output.WriteLine($"{"", -8}{"share", 7}{"baseline", 10}{"candidate", 10}{"limit", 11}{"ours", 16}{"ratio", 8}");
        foreach (var l in lines.Where(l => l.Named).Concat(lines.Where(l => !l.Named)))
        {
            var note = l.Named ? (l.Holds ? "holds" : "MISSES") : "not in the goals";
            output.WriteLine(
                $"{l.Indicator, -8}{l.Share / 100.0, 5:0.##} %{l.Baseline, 10:P1}{l.Candidate, 10:P1}{l.Limit, 11:N1}"
                    + $"{l.Needed.Mean, 10:N1} ±{l.Needed.Error, 4:N1}{l.Needed.Mean / l.Limit, 8:N3}  {note}"
            );
        }
    }

    public static IEnumerable<Figure> Figures(IReadOnlyList<Line> lines)
    {
        foreach (var kind in lines.Where(l => l.Named).GroupBy(l => l.Indicator))
        {
            var large = kind.Where(l => l.Limit > FewRequests).Max(l => l.Needed.Mean / l.Limit);
            var small = kind.Where(l => l.Limit <= FewRequests).Max(l => l.Needed.Mean - l.Limit);
            yield return Figure.AtMost($"{kind.Key}: worst ratio to the limit, where above 20", large, "", Ratio);
            yield return Figure.AtMost($"{kind.Key}: worst excess over the limit, else", small, "requests", More);
        }
        var slow = lines.Where(l => l.Indicator == "slow").Select(OfWholeAlpha).Where(l => l.Limit > FewRequests);
        var whole = slow.Max(l => l.Needed.Mean / l.Limit);
        yield return Figure.AtMost("slow: the same ratio, to the limit of all of alpha", whole, "", Ratio);
        var others = lines.Where(l => !l.Named && l.Limit > FewRequests).Max(l => l.Needed.Mean / l.Limit);
        yield return Figure.Reported("errors: worst ratio at rates and shares not chosen for", others, "");
        var error = lines.Where(l => l.Named && l.Limit > FewRequests).Max(l => l.Needed.Error / l.Limit);
        yield return Figure.Reported("  standard error of these ratios, at most", error, "");
    }

    private static Line OfWholeAlpha(Line l) =>
        l with
        {
            Limit = Prospect.Limit(new Share(l.Share).Fraction, Alpha, l.Baseline, l.Candidate),
        };

    private static Line Of(
        int seed,
        string indicator,
        int share,
        double baseline,
        double candidate,
        bool named,
        double alpha,
        double limitAlpha
    )
    {
        var at = new Share(share);
        var limit = Prospect.Limit(at.Fraction, limitAlpha, baseline, candidate);
        var needed = Sample.Of(
            seed,
            limit < QuicklyPlayed ? MoreRuns : Runs,
            draws => Detection.Requests(draws, at, alpha, baseline, candidate)
        );
        return new(indicator, share, baseline, candidate, named, alpha, limit, needed);
    }
}

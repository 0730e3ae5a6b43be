using Mintmark.Releases;
using Mintmark.Watch;

namespace Mintmark.Bench.Judge;

/// <summary>The two pictures of docs/judge.md.</summary>
internal static class Plots
{
    private const double Alpha = 1e-4;
    private const double Past = 0.001;
    private const int Requests = 60_000;
    private static readonly Share Share = new(500);

    public static void Write(string folder, int seed, IReadOnlyList<LimitTable.Line> lines)
    {
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, "judge-evidence.svg"), Evidence(seed));
        File.WriteAllText(Path.Combine(folder, "judge-detection.svg"), Detection(lines));
    }

    /// <summary>One run each: good, bad, and an incident that both arms share.</summary>
    private static string Evidence(int seed)
    {
        var threshold = -Math.Log(Alphas.Errors * Alpha);
        var svg = new Svg(
            new("requests, of which 5 % to the candidate", 0, Requests, false, [0, 20_000, 40_000, 60_000]),
            new("evidence that it is worse (ln of the e-value)", -8, 12, false, [-8, -4, 0, 4, 8, 12]),
            "Evidence over requests: baseline 0.1 % errors"
        );
        svg.Line("worse", "#000000", [(0, threshold), (Requests, threshold)], "4 4");
        svg.Line("good", "#1a7f37", Run(seed, _ => Past, _ => Past));
        svg.Line("bad: 1 % errors", "#cf222e", Run(seed, _ => Past, _ => 10 * Past));
        double Incident(int request) => request is > 20_000 and < 40_000 ? 50 * Past : Past;
        svg.Line("shared incident, 5 %", "#0969da", Run(seed, Incident, Incident));
        return svg.ToText();
    }

    private static List<(double, double)> Run(int seed, Func<int, double> baseline, Func<int, double> candidate)
    {
        var draws = new Draws(seed);
        var counts = new UnitCounts(Share, 0, 0, 0, 0, Past);
        var points = new List<(double, double)> { (0, 0) };
        for (var request = 1; request <= Requests; request++)
        {
            var onCandidate = draws.Chance(Share.Fraction);
            var bad = draws.Chance(onCandidate ? candidate(request) : baseline(request));
            counts = (onCandidate, bad) switch
            {
                (true, true) => counts with { CandidateBad = counts.CandidateBad + 1 },
                (true, false) => counts with { CandidateGood = counts.CandidateGood + 1 },
                (false, true) => counts with { BaselineBad = counts.BaselineBad + 1 },
                (false, false) => counts with { BaselineGood = counts.BaselineGood + 1 },
            };
            if (!(onCandidate && bad) && request % 250 != 0)
                continue;
            var evidence = WorseTest.Log([counts], Alphas.Errors * Alpha);
            points.Add((request, evidence));
            if (evidence >= -Math.Log(Alphas.Errors * Alpha))
                break;
        }
        return points;
    }

    private static string Detection(IReadOnlyList<LimitTable.Line> lines)
    {
        var svg = new Svg(
            new("errors of the candidate, per cent", 0.2, 100, true, [0.2, 1, 5, 20, 100]),
            new("candidate requests until it is found, mean", 1, 100_000, true, [1, 10, 100, 1_000, 10_000, 100_000]),
            "Detection against the limit: baseline 0.1 %, false alarms 1e-4"
        );
        (int Share, string Colour)[] shares = [(100, "#cf222e"), (500, "#1a7f37"), (5_000, "#0969da")];
        foreach (var (share, colour) in shares)
        {
            var points = lines
                .Where(l => l is { Indicator: "errors", Baseline: Past } && l.Share == share)
                .OrderBy(l => l.Candidate)
                .ToList();
            svg.Line($"limit, share {share / 100} %", colour, points.Select(l => (100 * l.Candidate, l.Limit)));
            svg.Dots($"ours, share {share / 100} %", colour, points.Select(l => (100 * l.Candidate, l.Needed.Mean)));
        }
        return svg.ToText();
    }
}

using Mintmark.Releases;
using Mintmark.Watch;

namespace Mintmark.Bench.Judge;

/// <summary>
/// How often a good release is called worse, at α = 1e-4, by importance sampling that is exact: bad units are drawn as
/// a candidate of a random ratio ρ would get them, and each run that ends in "worse" counts with its likelihood under
/// "no worse" by that under the draw. All that "no worse" says is where a bad unit falls, so nothing else is weighed.
/// </summary>
internal static class FalseAlarms
{
    private const double Alpha = 1e-4;
    private const double Past = 0.001;
    private const int Runs = 48_000;
    private const int MostBad = 1_500;

    private static readonly double[] Ratios = [2, 3, 5, 8, 14, 30, 80, 300, 2_000];

    /// <param name="Rate">Of errors, by bad units so far and a random number that stays for the run.</param>
    private sealed record Scenario(string Name, int[] Shares, Func<int, double, double> Rate, double Better = 1);

    public sealed record Line(string Name, Sample Chance);

    public static IReadOnlyList<Line> Measure(int seed)
    {
        double Steady(int bad, double luck) => Past;
        double Incident(int bad, double luck) => bad > 60 * luck && bad < 60 * luck + 400 ? 50 * Past : Past;
        double Drift(int bad, double luck) => Past * (1 + 0.9 * Math.Sin(bad / 40.0 + 6 * luck));
        Scenario[] scenarios =
        [
            new("share 1 %", [100], Steady),
            new("share 5 %", [500], Steady),
            new("share 50 %", [5_000], Steady),
            new("steps of 1, 5, 25 and 50 %, taken where it looks bad", [100, 500, 2_500, 5_000], Steady),
            new("incident at 50 times the rate, 5 %", [500], Incident),
            new("slow drift, 5 %", [500], Drift),
            new("past rate unknown by a factor of 10, 50 %", [5_000], (_, luck) => luck < 0.5 ? Past * 10 : Past / 10),
            new("a candidate with 0.8 of the errors, 5 %", [500], Steady, 0.8),
        ];
        return [.. scenarios.Select((s, i) => new Line(s.Name, Sample.Of(seed + 77 * i, Runs, d => Play(d, s))))];
    }

    public static void Print(IReadOnlyList<Line> lines, TextWriter output)
    {
        output.WriteLine($"Good releases called worse for their errors, of a million, over {MostBad:N0} bad units");
        output.WriteLine($"alpha of errors: {1e6 * Alphas.Errors * Alpha:0.0} of a million");
        foreach (var l in lines)
        {
            var name = l.Name;
            output.WriteLine($"  {name, -56}{1e6 * l.Chance.Mean, 8:0.0} ±{1e6 * 1.96 * l.Chance.Error, 5:0.0}");
        }
    }

    public static IEnumerable<Figure> Figures(IReadOnlyList<Line> lines) =>
        [
            Figure.AtMost(
                "false worse for errors, worst scenario, upper 97.5 %",
                1e6 * lines.Max(l => l.Chance.Upper),
                "in 1e6",
                1e6 * Alpha
            ),
        ];

    /// <returns>Null likelihood by drawn likelihood where it ends in "worse", else 0.</returns>
    private static double Play(Draws draws, Scenario scenario)
    {
        var alpha = Alphas.Errors * Alpha;
        var luck = draws.Uniform();
        var drawn = Ratios[(int)(draws.Uniform() * Ratios.Length)];
        var steps = new UnitCounts[scenario.Shares.Length];
        for (var i = 0; i < steps.Length; i++)
            steps[i] = new(new Share(scenario.Shares[i]), 0, 0, 0, 0, Past);
        var at = 0;
        var log = new double[Ratios.Length];
        for (var bad = 0; bad < MostBad; bad++)
        {
            var w = steps[at].Share.Fraction;
            var rate = scenario.Rate(bad, luck);
            var goods = draws.Misses(rate);
            var candidateGoods = draws.Hits(goods, w);
            var candidate = draws.Chance(Of(w, drawn));
            steps[at] = steps[at] with
            {
                CandidateGood = steps[at].CandidateGood + candidateGoods,
                BaselineGood = steps[at].BaselineGood + goods - candidateGoods,
                CandidateBad = steps[at].CandidateBad + (candidate ? 1 : 0),
                BaselineBad = steps[at].BaselineBad + (candidate ? 0 : 1),
            };
            var fair = Of(w, scenario.Better);
            for (var k = 0; k < log.Length; k++)
            {
                var q = Of(w, Ratios[k]);
                log[k] += candidate ? Math.Log(q / fair) : Math.Log((1 - q) / (1 - fair));
            }
            if (!candidate)
                continue;
            var evidence = WorseTest.Log(steps.AsSpan(0, at + 1), alpha);
            if (evidence >= -Math.Log(alpha))
                return 1 / log.Average(Math.Exp);
            // The worst habit of a rollout: to go on where the candidate looks bad.
            if (at + 1 < steps.Length && evidence > 1.5 * (at + 1))
                at++;
        }
        return 0;
    }

    private static double Of(double w, double ratio) => w * ratio / (1 + w * (ratio - 1));
}

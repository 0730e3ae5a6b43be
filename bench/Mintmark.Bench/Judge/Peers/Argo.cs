namespace Mintmark.Bench.Judge.Peers;

/// <summary>
/// Argo Rollouts: a measurement when the analysis begins and at each interval; more failed ones than the failure limit
/// end it. Where a query has no data, the measurement is inconclusive here and does not count.
/// </summary>
internal sealed class Argo : IPeer
{
    private readonly (int Until, double Share)[] steps;
    private readonly (int First, int Interval, int FailureLimit) analysis;
    private readonly double leastSuccess;
    private readonly bool wholeService;
    private readonly Window window;
    private int failed;
    private int now;

    private Argo(
        (int Until, double Share)[] steps,
        (int First, int Interval, int FailureLimit) analysis,
        double leastSuccess,
        bool wholeService,
        Window window
    ) =>
        (this.steps, this.analysis, this.leastSuccess, this.wholeService, this.window) = (
            steps,
            analysis,
            leastSuccess,
            wholeService,
            window
        );

    public double Share => steps.First(s => now < s.Until || s == steps[^1]).Share;

    /// <summary>
    /// The documents' canary with background analysis from its second weight on: every five minutes, success of the
    /// whole service of 95 %, failure limit 3.
    /// </summary>
    public static Argo Documented() =>
        new(
            [(600, 0.2), (1_200, 0.4), (1_800, 0.6), (2_400, 0.8)],
            (600, 300, 3),
            0.95,
            wholeService: true,
            new Window(300, 15)
        );

    /// <summary>Every five seconds on the candidate's own rate over ten, the first failure ends it.</summary>
    public static Argo Fast(double share) =>
        new([(600, share)], (10, 5, 0), 0.99, wholeService: false, new Window(10, 5));

    public Stand Next(int now, Second second)
    {
        this.now = now;
        window.Add(now, second);
        if (now >= analysis.First && (now - analysis.First) % analysis.Interval == 0 && Fails())
            failed++;
        return failed > analysis.FailureLimit ? Stand.Condemned
            : now >= steps[^1].Until ? Stand.Promoted
            : Stand.Undecided;
    }

    private bool Fails()
    {
        var sum = window.Sum;
        var (all, bad) = wholeService
            ? (sum.Candidate + sum.Baseline, sum.CandidateBad + sum.BaselineBad)
            : (sum.Candidate, sum.CandidateBad);
        return all > 0 && 1 - (double)bad / all < leastSuccess;
    }
}

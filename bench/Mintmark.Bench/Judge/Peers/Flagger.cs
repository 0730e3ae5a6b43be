namespace Mintmark.Bench.Judge.Peers;

/// <summary>
/// Flagger: at each interval, first whether failed checks have reached the threshold, which rolls back; then the
/// candidate's success rate, where a failure or no data adds a failed check and holds the weight; else the weight goes
/// up, and at its greatest the candidate is promoted.
/// </summary>
internal sealed class Flagger(
    int interval,
    int threshold,
    double first,
    double step,
    double most,
    int checks,
    double leastSuccess,
    Window window
) : IPeer
{
    private int failed;
    private int passed;

    public double Share { get; private set; } = first;

    /// <summary>The documents' canary: each minute, ten failed checks, steps of 2 % to 50 %, success of 99 %.</summary>
    public static Flagger Documented() => new(60, 10, 0.02, 0.02, 0.5, 25, 0.99, new Window(60, 15));

    /// <summary>Every ten seconds, one failed check, over ten minutes at one share.</summary>
    public static Flagger Fast(double share) => new(10, 1, share, 0, share, 60, 0.99, new Window(10, 5));

    public Stand Next(int now, Second second)
    {
        window.Add(now, second);
        if (now % interval != 0)
            return Stand.Undecided;
        if (failed >= threshold)
            return Stand.Condemned;
        var sum = window.Sum;
        if (sum.Candidate == 0 || 1 - (double)sum.CandidateBad / sum.Candidate < leastSuccess)
        {
            failed++;
            return Stand.Undecided;
        }
        Share = Math.Min(most, Share + step);
        return ++passed >= checks ? Stand.Promoted : Stand.Undecided;
    }
}

namespace Mintmark.Bench.Judge.Peers;

/// <summary>
/// Kayenta: the error rate as two time series, judged at each interval on all that was seen: Mann-Whitney U at 98 %
/// confidence, high where the whole interval of the shift lies beyond a quarter of its estimate. With one metric the
/// score is 0 or 100, so one "high" is below every limit and ends it.
/// </summary>
internal sealed class Kayenta(double share, int point, int interval, int lifetime) : IPeer
{
    /// <summary>Of the normal distribution, for an interval of 98 %.</summary>
    private const double Confidence = 2.326;
    private const double Tolerance = 0.25;

    private readonly List<double> candidate = [];
    private readonly List<double> baseline = [];
    private Second fresh;

    public double Share => share;

    /// <summary>The documents' example: three hours, judged every hour, on points of one minute.</summary>
    public static Kayenta Documented(double share) => new(share, 60, 3_600, 10_800);

    /// <summary>Judged every minute, on points of five seconds, over ten minutes.</summary>
    public static Kayenta Fast(double share) => new(share, 5, 60, 600);

    public Stand Next(int now, Second second)
    {
        fresh += second;
        if (now % point == 0)
        {
            if (fresh.Candidate > 0)
                candidate.Add((double)fresh.CandidateBad / fresh.Candidate);
            if (fresh.Baseline > 0)
                baseline.Add((double)fresh.BaselineBad / fresh.Baseline);
            fresh = default;
        }
        if (now % interval == 0 && IsHigh())
            return Stand.Condemned;
        return now >= lifetime ? Stand.Promoted : Stand.Undecided;
    }

    private bool IsHigh()
    {
        var (n, m) = (candidate.Count, baseline.Count);
        if (n < 2 || m < 2)
            return false;
        var shifts = new double[n * m];
        for (var i = 0; i < shifts.Length; i++)
            shifts[i] = candidate[i / m] - baseline[i % m];
        Array.Sort(shifts);
        var low = (int)Math.Floor(n * m / 2.0 - Confidence * Math.Sqrt(n * m * (n + m + 1) / 12.0));
        return low >= 0 && shifts[low] > Tolerance * Math.Abs(shifts[shifts.Length / 2]);
    }
}

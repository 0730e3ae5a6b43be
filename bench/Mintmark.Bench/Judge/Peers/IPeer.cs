namespace Mintmark.Bench.Judge.Peers;

/// <summary>What one second brought, by arm.</summary>
internal readonly record struct Second(long Candidate, long CandidateBad, long Baseline, long BaselineBad)
{
    public static Second operator +(Second a, Second b) =>
        new(
            a.Candidate + b.Candidate,
            a.CandidateBad + b.CandidateBad,
            a.Baseline + b.Baseline,
            a.BaselineBad + b.BaselineBad
        );
}

internal enum Stand
{
    Undecided,
    Condemned,
    Promoted,
}

/// <summary>A rule for rollouts, from its project's documents; it sees what a metrics server would show it.</summary>
internal interface IPeer
{
    /// <summary>Of traffic that the candidate has in the next second.</summary>
    double Share { get; }

    /// <param name="now">Seconds since the candidate's first traffic, after this one.</param>
    Stand Next(int now, Second second);
}

/// <summary>The last seconds, as scrapes at a fixed interval show them.</summary>
internal sealed class Window(int seconds, int scrape)
{
    private readonly Queue<Second> kept = new();
    private Second fresh;

    public Second Sum { get; private set; }

    public void Add(int now, Second second)
    {
        fresh += second;
        if (now % scrape != 0)
            return;
        kept.Enqueue(fresh);
        Sum += fresh;
        fresh = default;
        if (kept.Count <= seconds / scrape)
            return;
        var old = kept.Dequeue();
        Sum = new(
            Sum.Candidate - old.Candidate,
            Sum.CandidateBad - old.CandidateBad,
            Sum.Baseline - old.Baseline,
            Sum.BaselineBad - old.BaselineBad
        );
    }
}

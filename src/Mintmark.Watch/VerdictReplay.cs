using Mintmark.Releases;

namespace Mintmark.Watch;

/// <summary>A verdict that the log keeps, beside what its inputs in the log give when they are weighed again.</summary>
/// <param name="Entry">Index of the verdict in the log.</param>
/// <param name="Step">Of the release, from 0.</param>
/// <param name="Seen">Entries of the log that were weighed.</param>
/// <param name="Counts">What was weighed: each step's counts over all gateways.</param>
/// <param name="Recorded">ln of the e-value against "no worse".</param>
/// <param name="Program">The version of Mintmark that recorded it.</param>
public sealed record ReplayedVerdict(
    long Entry,
    DateTimeOffset At,
    int Step,
    Verdict Verdict,
    long Seen,
    IReadOnlyList<StepTally> Counts,
    decimal Recorded,
    decimal Recomputed,
    bool Same,
    string Program
);

/// <summary>Computes recorded verdicts again, from nothing but the entries of a log. Pure.</summary>
public static class VerdictReplay
{
    private const string UnknownProgram = "?";

    /// <param name="history">Each entry of a log from its first on, with the state after it.</param>
    /// <returns>Null where there is no such release. Verdicts that are no matter of counts are left out.</returns>
    public static IReadOnlyList<ReplayedVerdict>? Of(
        IEnumerable<(long Index, Entry Entry, State After)> history,
        ReleaseId id
    )
    {
        var program = UnknownProgram;
        var pasts = new List<(long Size, Release Release)>();
        var verdicts = new List<ReplayedVerdict>();
        foreach (var (index, entry, after) in history)
        {
            if (entry.Event is Event.ControlPlaneStarted started)
                program = started.Version;
            if (entry.Event is Event.VerdictReached { LogEvidence: { } recorded } reached && reached.Release == id)
            {
                // What it saw was written before it; a log that says otherwise is not weighed beyond its entries.
                var seen = Math.Min(reached.Seen ?? index, index);
                var weighed = pasts.FindLast(past => past.Size <= seen).Release;
                var recomputed = Verdicts.Logged(after, weighed);
                verdicts.Add(
                    new(
                        index,
                        entry.At,
                        reached.Step,
                        reached.Verdict,
                        seen,
                        [.. weighed.Steps.Select(s => s.Total())],
                        recorded,
                        recomputed,
                        recorded == recomputed,
                        program
                    )
                );
            }
            if (after.Releases.TryGetValue(id, out var present) && !ReferenceEquals(present, Last(pasts)))
                pasts.Add((after.Size, present));
        }
        return pasts.Count == 0 ? null : verdicts;
    }

    private static Release? Last(List<(long Size, Release Release)> pasts) =>
        pasts.Count == 0 ? null : pasts[^1].Release;
}

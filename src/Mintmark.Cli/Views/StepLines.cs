using Mintmark.Releases;

namespace Mintmark.Cli;

/// <summary>The steps of a rollout: those taken with their verdicts, those to come with their shares.</summary>
internal static class StepLines
{
    public static void AddTo(Page page, Release release, RolloutPlan plan, DateTimeOffset now)
    {
        if (release.Steps.IsEmpty)
            return;
        page.Line().Line(new Ink("steps", Tone.Strong));
        var rows = plan.Steps.Select((step, i) => Row(release, i, $"{i + 1}", step.Share, now));
        if (plan.GuardShare() is { } guarded)
            rows = rows.Append(Row(release, plan.Steps.Count, "guard", guarded, now));
        page.Rows("  ", [.. rows]);
    }

    /// <summary>The guard is the step after the last.</summary>
    public static string Name(RolloutPlan plan, int step) => step < plan.Steps.Count ? $"step {step + 1}" : "guard";

    private static Ink[] Row(Release release, int index, string name, Share share, DateTimeOffset now)
    {
        if (index >= release.Steps.Count)
            return [name, $"{share}", new Ink("-", Tone.Quiet)];
        var step = release.Steps[index];
        var total = step.Total().Candidate;
        var seen = $"{Words.Count(total.Requests, "request")}, {Words.Count(total.Errors, "error")}";
        if (step.Reached is { } reached)
        {
            var took = Words.Duration(reached.At - step.At);
            var verdict = Ink.Of(reached.Verdict == Verdict.GoodEnough, Words.Lower(reached.Verdict));
            return [name, $"{share}", verdict, seen, took, new Ink(reached.Reason, Tone.Quiet)];
        }
        if (step.Advanced is { } advanced)
        {
            var took = Words.Duration(advanced.At - step.At);
            var word = new Ink($"advanced by {advanced.By}: {advanced.Reason}", Tone.Quiet);
            return [name, $"{share}", new Ink("not enough evidence", Tone.Waiting), seen, took, word];
        }
        if (release.Outcome == Outcome.Promoted)
            return
            [
                name,
                $"{share}",
                new Ink("over", Tone.Good),
                seen,
                Words.Duration(release.EndedAt!.Value - step.At),
            ];
        return release.Phase == Phase.Ended
            ? [name, $"{share}", new Ink("no verdict", Tone.Quiet), seen]
            : [name, $"{share}", new Ink("now", Tone.Waiting), seen, Words.Duration(now - step.At)];
    }
}

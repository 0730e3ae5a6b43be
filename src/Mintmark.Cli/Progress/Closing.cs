using Mintmark.Releases;
using Mintmark.Server;

namespace Mintmark.Cli;

/// <summary>The last words on a release that was followed.</summary>
internal static class Closing
{
    public static Page Of(ReleaseAnswer answer)
    {
        var release = answer.Release;
        var page = new Page();
        if (release.Phase == Phase.Guarding)
            return Guarded(page, answer);
        if (release.Outcome == Outcome.Promoted)
            return page.Line(new Ink($"{release.Mark} serves all of {release.Service}", Tone.Good));
        page.Line(new Ink($"{release.Mark} {Said(release.Outcome)}", Tone.Bad), $": {release.OutcomeReason}");
        if (release.Baseline is { } baseline)
            page.Line($"  {baseline} serves all of {release.Service}");
        BuildLogLines.AddTo(page, answer);
        return page;
    }

    private static Page Guarded(Page page, ReleaseAnswer answer)
    {
        var release = answer.Release;
        var until = release.PhaseSince.AddSeconds(answer.Version.Manifest.Rollout.GuardSeconds);
        var rollout = answer.Version.Manifest.Rollout;
        var guard = release.Steps.Count > rollout.Steps.Count ? release.Steps[^1].Share : new Share(Share.Whole);
        var held = guard.BasisPoints < Share.Whole ? rollout.Holdback : null;
        page.Line(
            new Ink($"{release.Mark} serves {(held is null ? "all" : $"{guard}")} of {release.Service}", Tone.Good)
        );
        page.Line(
            $"  in guard until {Words.Time(until)}"
                + (
                    release.Baseline is not { } baseline ? ""
                    : held is null ? $": {baseline} is kept warm"
                    : $": {held} is held back on {baseline}, to compare them"
                )
        );
        return release.Baseline is null
            ? page
            : page.Line($"  take it back with: mint rollback {release.Service} --reason \"…\"");
    }

    private static string Said(Outcome? outcome) =>
        outcome switch
        {
            Outcome.RolledBack => "was rolled back",
            Outcome.Refused => "was refused by the gate",
            Outcome.Failed => "failed its build",
            _ => "is not in service",
        };
}

using Mintmark.Releases;
using Mintmark.Server;

namespace Mintmark.Cli;

/// <summary>One release: where it is, why it does not move, and the evidence so far.</summary>
internal static class ReleaseView
{
    public static Page Of(ReleaseAnswer answer, DateTimeOffset now)
    {
        var release = answer.Release;
        var page = Heading(answer, now);
        VersionLines.AddArtifact(page, answer.Version.Artifact);
        if (release.Kind == ReleaseKind.Ship)
            BuildLines.AddTo(page, answer, now, new StageTimes());
        EvidenceSummaryLines.AddTo(page, answer.Version.Artifact?.Evidence, answer.Version.Audited?.Audit, now);
        GateLines.AddTo(page, release.Awaited?.Controls ?? release.Gate);
        ConsentLines.AddTo(page, release);
        InstanceLines.AddTo(page, answer.Instances, now);
        ClientLines.AddTo(page, answer.Clients ?? [], now);
        ShadowLines.AddTo(page, release);
        StepLines.AddTo(page, release, answer.Version.Manifest.Rollout, now);
        EvidenceLines.AddTo(page, answer);
        if (release.Phase == Phase.Ended)
            BuildLogLines.AddTo(page, answer);
        return page;
    }

    /// <summary>While it moves: what matters in its phase, so that it fits a small screen.</summary>
    public static Page Live(ReleaseAnswer answer, DateTimeOffset now, StageTimes stages)
    {
        var release = answer.Release;
        var page = Heading(answer, now);
        if (release.Kind == ReleaseKind.Ship && release.Steps.IsEmpty)
            BuildLines.AddTo(page, answer, now, stages);
        if (release.Awaited is { } awaited)
            GateLines.AddTo(page, awaited.Controls);
        else if (release.Steps.IsEmpty || release.Gate.Exists(c => !c.Passed))
            GateLines.AddTo(page, release.Gate);
        ConsentLines.AddTo(page, release);
        InstanceLines.AddTo(page, answer.Instances, now);
        if (release.Phase == Phase.Starting)
            ShadowLines.AddTo(page, release);
        StepLines.AddTo(page, release, answer.Version.Manifest.Rollout, now);
        EvidenceLines.AddTo(page, answer);
        return page;
    }

    private static Page Heading(ReleaseAnswer answer, DateTimeOffset now)
    {
        var release = answer.Release;
        var page = new Page().Line(
            new Ink($"{release.Id} ", Tone.Strong),
            release.Emergency ? new Ink($"EMERGENCY {release.Mark}: ", Tone.Bad)
                : release.Kind == ReleaseKind.Ship ? $"{release.Mark}: "
                : $"back to {release.Mark}: ",
            Words.Place(release),
            Since(release, now)
        );
        page.Line("  ", new Ink(release.OutcomeReason ?? answer.Explanation, ToneOf(release)));
        page.Line();
        page.Field("asked", $"by {release.By} at {Words.Time(release.RequestedAt)}: {release.Reason}");
        VersionLines.AddCommit(page, answer.Version.Source);
        if (release.Baseline is { } baseline)
            page.Field("against", $"{baseline}");
        return page;
    }

    private static string Since(Release release, DateTimeOffset now) =>
        release.EndedAt is { } ended
            ? $", {Words.Ago(ended, now)}, after {Words.Duration(ended - release.RequestedAt)}"
            : $", for {Words.Duration(now - release.PhaseSince)}";

    private static Tone ToneOf(Release release) =>
        release.Outcome switch
        {
            null when release.Phase != Phase.Guarding => Tone.Waiting,
            null or Outcome.Promoted => Tone.Plain,
            _ => Tone.Bad,
        };
}

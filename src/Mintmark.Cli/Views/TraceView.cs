using Mintmark.Releases;
using Mintmark.Server;

namespace Mintmark.Cli;

/// <summary>Everything known of a version, from its commit to where it runs.</summary>
internal static class TraceView
{
    public static Page Of(TraceAnswer trace, DateTimeOffset now)
    {
        var version = trace.Version;
        var page = new Page().Line(
            new Ink($"{version.Mark}", Tone.Strong),
            trace.Serving ? new Ink(" serves", Tone.Good)
                : trace.Releases.FirstOrDefault(r => r.Mark == version.Mark && r.Phase == Phase.Ramping) is { } ramping
                    ? new Ink($" gets {ramping.Steps[^1].Share} of the traffic", Tone.Waiting)
                : " does not serve"
        );
        if (trace.Claim is { } claim)
            page.Line("  ", new Ink($"{trace.Asked}: {claim}", Tone.Waiting));
        else if (trace.Asked != $"{version.Mark}")
            page.Line($"  found by {trace.Asked}");
        page.Line().Line(new Ink("source", Tone.Strong));
        page.Field("commit", version.Source.Commit);
        page.Field("tree", version.Source.Tree);
        page.Field("author", version.Source.Author);
        page.Field("subject", version.Source.Subject);
        page.Field("repository", version.Source.Repository);
        AddBuild(page.Line(), version, now);
        foreach (var release in trace.Releases)
            AddRelease(page.Line(), version, release, now);
        InstanceLines.AddTo(page, trace.Instances, now);
        return page;
    }

    private static void AddBuild(Page page, ServiceVersion version, DateTimeOffset now)
    {
        page.Line(new Ink("build", Tone.Strong), $" by {version.BuiltBy}, profile {version.Manifest.Profile}");
        if (version.Artifact is { } artifact)
        {
            VersionLines.AddArtifact(page, artifact);
            page.Field("tools", string.Join(", ", artifact.Tools.Select(t => $"{t.Name} {t.Version}")));
        }
        else
        {
            page.Field("artifact", "none: it was not built to its end");
        }
        foreach (var suite in version.Suites)
            page.Field(suite.Suite, Ink.Of(suite.Failed == 0, SuiteLines.Outcome(suite)));
        EvidenceSummaryLines.AddTo(page, version.Artifact?.Evidence, version.Audited?.Audit, now);
    }

    private static void AddRelease(Page page, ServiceVersion version, Release release, DateTimeOffset now)
    {
        var role =
            release.Mark != version.Mark ? $" {release.Mark} against this version"
            : release.Kind == ReleaseKind.Return ? " back to this version"
            : release.Emergency ? " shipped in an EMERGENCY"
            : " shipped";
        page.Line(
            new Ink($"{release.Id}", Tone.Strong),
            $"{role} by {release.By} at {Words.Time(release.RequestedAt)}: {release.Reason}"
        );
        page.Field("outcome", Words.Place(release), release.OutcomeReason is { } why ? $": {why}" : "");
        if (release.EndedAt is { } ended)
            page.Field("ended", Words.Time(ended));
        if (release.Mark != version.Mark)
            return;
        foreach (var control in release.Gate)
            page.Field("gate", GateLines.Said(control), $" {control.Control}: {control.Reason}");
        ConsentLines.AddTo(page, release);
        foreach (var step in release.Steps)
            page.Field(StepLines.Name(version.Manifest.Rollout, step.Step), Step(release, step, now));
    }

    private static Ink[] Step(Release release, StepRecord step, DateTimeOffset now)
    {
        var candidate = step.Total().Candidate;
        var seen = $"{Words.Count(candidate.Requests, "request")}, {Words.Count(candidate.Errors, "error")}";
        if (step is { Reached: null, Advanced: { } advanced })
        {
            return
            [
                $"{step.Share} at {Words.Time(step.At)}, {seen}: ",
                new Ink("not enough evidence", Tone.Waiting),
                $"; advanced by {advanced.By} after {Words.Duration(advanced.At - step.At)}: {advanced.Reason}",
            ];
        }
        var lasted = Words.Duration((release.EndedAt ?? now) - step.At);
        return step.Reached is { } reached
            ?
            [
                $"{step.Share} at {Words.Time(step.At)}, {seen}: ",
                Ink.Of(reached.Verdict == Verdict.GoodEnough, Words.Lower(reached.Verdict)),
                $" after {Words.Duration(reached.At - step.At)}: {reached.Reason}",
            ]
            : [$"{step.Share} at {Words.Time(step.At)}, {seen}: no verdict after {lasted}"];
    }
}

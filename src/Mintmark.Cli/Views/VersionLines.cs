using Mintmark.Releases;

namespace Mintmark.Cli;

/// <summary>What a version was built from, and what came of it.</summary>
internal static class VersionLines
{
    public static void AddCommit(Page page, Source source)
    {
        page.Field("commit", $"{Words.Commit(source.Commit)} by {source.Author}: {source.Subject}");
    }

    public static void AddArtifact(Page page, Artifact? artifact)
    {
        if (artifact is null)
            return;
        page.Field(
            "artifact",
            $"{artifact.Digest}, {Words.Bytes(artifact.Bytes)}, built at {Words.Time(artifact.BuiltAt)}"
        );
    }
}

internal static class SuiteLines
{
    public static string Outcome(SuiteResult suite) =>
        $"{suite.Passed} passed, {suite.Failed} failed, {suite.Skipped} skipped in "
        + Words.Duration(TimeSpan.FromMilliseconds(suite.Milliseconds))
        + (suite.FailedCases.Count > 0 ? $"; failed: {string.Join(", ", suite.FailedCases)}" : "");
}

internal static class GateLines
{
    public static void AddTo(Page page, IReadOnlyList<ControlResult> controls)
    {
        if (controls.Count == 0)
            return;
        page.Line().Line(new Ink("gate", Tone.Strong));
        page.Rows("  ", [.. controls.Select(c => new[] { Said(c), c.Control, new Ink(c.Reason, Tone.Quiet) })]);
        foreach (var open in controls.Where(c => !c.Passed && c.Remedy is not null))
            page.Line($"  {open.Control} takes: {open.Remedy}");
    }

    public static Ink Said(ControlResult control) =>
        control switch
        {
            { Standing: Standing.Awaited } => new("awaited", Tone.Waiting),
            { Standing: Standing.NotCovered } => new("NOT COVERED", Tone.Bad),
            { Standing: Standing.Observed, Passed: false } => new("no, observed", Tone.Waiting),
            { Standing: Standing.Observed } => new("yes, observed", Tone.Quiet),
            { Standing: Standing.Later, Passed: true } => new("later", Tone.Waiting),
            _ => Ink.Of(control.Passed, control.Passed ? "yes" : "NO"),
        };
}

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
        page.Rows(
            "  ",
            [
                .. controls.Select(c =>
                    new[] { Ink.Of(c.Passed, c.Passed ? "yes" : "NO"), c.Control, new Ink(c.Reason, Tone.Quiet) }
                ),
            ]
        );
    }
}

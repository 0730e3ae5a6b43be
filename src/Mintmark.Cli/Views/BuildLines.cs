using Mintmark.Releases;
using Mintmark.Server;

namespace Mintmark.Cli;

/// <summary>The stages of a build, with their times as far as they are known.</summary>
internal static class BuildLines
{
    public static void AddTo(Page page, ReleaseAnswer answer, DateTimeOffset now, StageTimes stages)
    {
        var known = Enum.GetValues<BuildStage>().Where(stage => IsKnown(answer, stage)).ToList();
        if (known.Count == 0)
            return;
        page.Line().Line(new Ink("build", Tone.Strong));
        page.Rows("  ", [.. known.Select(s => new[] { Words.Lower(s), Outcome(answer, s, now, stages) })]);
    }

    /// <summary>What ended in its build says in its reason at which stage: stages themselves are not kept.</summary>
    private static bool IsKnown(ReleaseAnswer answer, BuildStage stage) =>
        answer.Version.Artifact is not null
        || answer.Release.Phase != Phase.Ended
        || answer.Version.Suites.Exists(s => s.Suite == Words.Lower(stage));

    private static Ink Outcome(ReleaseAnswer answer, BuildStage stage, DateTimeOffset now, StageTimes stages)
    {
        var release = answer.Release;
        if (release.Stage == stage)
            return new Ink($"now, for {Words.Duration(now - release.PhaseSince)}", Tone.Waiting);
        var suite = answer.Version.Suites.Find(s => s.Suite == Words.Lower(stage));
        if (suite is not null)
            return Ink.Of(suite.Failed == 0, SuiteLines.Outcome(suite));
        if (answer.Version.Artifact is null && !(release.Stage > stage))
            return new Ink("-", Tone.Quiet);
        return stages.Of(stage) is { } time ? $"done in {Words.Duration(time)}" : "done";
    }
}

/// <summary>The end of a failed stage's output, and where all of it is.</summary>
internal static class BuildLogLines
{
    public static void AddTo(Page page, ReleaseAnswer answer)
    {
        if (answer.LastLines.Count > 0)
        {
            page.Line().Line(new Ink("last lines", Tone.Strong));
            foreach (var line in answer.LastLines)
                page.Line($"  {line}");
        }
        if (answer.BuildLog is { } log && answer.Release.Outcome != Mintmark.Releases.Outcome.Promoted)
            page.Field("logs", log);
    }
}

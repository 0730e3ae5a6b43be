using Mintmark.Releases;
using Mintmark.Watch;

namespace Mintmark.Cli;

/// <summary>Recorded verdicts beside those that the log gives again.</summary>
internal static class ReplayView
{
    public static Page Of(Replayed replayed)
    {
        var page = new Page().Line(
            new Ink($"{replayed.Release}", Tone.Strong),
            $": {Words.Count(replayed.Verdicts.Count, "verdict")} from counts, computed again from {replayed.Of}"
        );
        if (replayed.Verdicts.Count == 0)
            return page;
        page.Rows(
            "  ",
            [
                [.. Heading.Select(h => new Ink(h, Tone.Quiet))],
                .. replayed.Verdicts.Select(Row),
            ]
        );
        foreach (var verdict in replayed.Verdicts.Where(v => !v.Same))
            page.Line($"  entry {verdict.Entry} was recorded by Mintmark {verdict.Program}");
        return page.Line(
            Ink.Of(replayed.Same, replayed.Same ? "the same numbers" : "NOT THE NUMBERS THAT WERE RECORDED")
        );
    }

    private static readonly string[] Heading =
    [
        "entry",
        "step",
        "verdict",
        "candidate",
        "baseline",
        "recorded",
        "computed",
        "",
    ];

    private static Ink[] Row(ReplayedVerdict verdict) =>
        [
            $"{verdict.Entry}",
            $"{verdict.Step + 1}",
            Words.Lower(verdict.Verdict),
            Counts(verdict.Counts.Select(c => c.Candidate)),
            Counts(verdict.Counts.Select(c => c.Baseline)),
            $"{verdict.Recorded:0.000}",
            $"{verdict.Recomputed:0.000}",
            Ink.Of(verdict.Same, verdict.Same ? "same" : "NOT THE SAME"),
        ];

    private static string Counts(IEnumerable<ArmTally> steps)
    {
        var arm = steps.Aggregate(ArmTally.None, (sum, step) => sum + step);
        return $"{Words.Count(arm.Requests, "request")}, {Words.Count(arm.Errors, "error")}";
    }
}

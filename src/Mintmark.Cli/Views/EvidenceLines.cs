using Mintmark.Releases;
using Mintmark.Server;
using Mintmark.Watch;

namespace Mintmark.Cli;

/// <summary>
/// The step in force: candidate against baseline, and how far the evidence is from the verdict "worse".
/// </summary>
internal static class EvidenceLines
{
    private const int BarWidth = 30;
    private const string Slow = "slow-p99";

    /// <summary>A thousand years, for steps that nobody lives to see.</summary>
    private const double LongestTold = 3.2e10;

    public static void AddTo(Page page, ReleaseAnswer answer)
    {
        if (answer.Release.Steps.IsEmpty)
            return;
        var step = answer.Release.Steps[^1];
        var total = step.Total();
        var name = StepLines.Name(answer.Version.Manifest.Rollout, step.Step);
        page.Line().Line(new Ink($"{name}, {step.Share}", Tone.Strong));
        page.Rows(
            "  ",
            [
                [Quiet(""), Quiet("requests"), Quiet("errors"), Quiet("rate"), Quiet(Slower(step))],
                Arm($"candidate {answer.Release.Mark}", total.Candidate, step),
                Arm($"baseline {answer.Release.Baseline}", total.Baseline, step),
            ]
        );
        CountLines.AddTo(page, total);
        if (answer.Outlook is { } outlook)
            page.Field("needs", Needs(outlook));
        if (answer is not { LogEvidence: { } evidence, Threshold: > 0 and var threshold })
            return;
        var filled = (int)Math.Round(BarWidth * Math.Clamp(evidence / threshold, 0, 1));
        page.Field(
            "evidence",
            new Ink(new string('█', filled), Tone.Bad),
            new Ink(new string('░', BarWidth - filled), Tone.Quiet),
            $" {evidence:0.0} of {threshold:0.0} that it is worse"
        );
    }

    /// <summary>Behind the counts of a plain line.</summary>
    public static string Short(ReleaseAnswer answer) =>
        (
            answer is { LogEvidence: { } evidence, Threshold: { } threshold }
                ? $"; evidence {evidence:0.0} of {threshold:0.0}"
                : ""
        ) + (answer.Outlook is { } outlook ? $"; needs {outlook.Requests:#,0} more{About(outlook)}" : "");

    private static string Needs(Outlook outlook) =>
        $"{outlook.Requests:#,0} more candidate {(outlook.Requests == 1 ? "request" : "requests")}"
        + (outlook.Value is { } value ? $" or {value.Amount:#,0.##} {value.Currency} in them" : "")
        + (outlook.PerSecond is { } rate ? $"{About(outlook)} at {Rate(rate)} a second" : ", and none has come yet");

    private static string About(Outlook outlook) =>
        outlook.Seconds is { } seconds
            ? $", about {Words.Duration(TimeSpan.FromSeconds(Math.Min(seconds, LongestTold)))}"
            : "";

    private static string Rate(double perSecond) => perSecond >= 10 ? $"{perSecond:#,0}" : $"{perSecond:0.###}";

    private static Ink Quiet(string text) => new(text, Tone.Quiet);

    private static string Slower(StepRecord step) =>
        step.Thresholds.Find(Slow) is { } slow ? $"slower than {slow / 1000.0:0.#} ms" : "slow";

    private static Ink[] Arm(string name, ArmTally arm, StepRecord step) =>
        [
            name,
            $"{arm.Requests:#,0}",
            new Ink($"{arm.Errors:#,0}", arm.Errors > 0 ? Tone.Bad : Tone.Plain),
            Words.Rate(arm.Errors, arm.Requests),
            step.Thresholds.Find(Slow) is null ? "-" : $"{arm.Bad[Slow]:#,0}",
        ];
}

using Mintmark.Releases;

namespace Mintmark.Cli;

/// <summary>What the log has of a version's components and test cases.</summary>
internal static class EvidenceSummaryLines
{
    private const int MostNamed = 3;

    /// <param name="later">Of a version that runs, against advisories that came later.</param>
    public static void AddTo(Page page, BuildEvidence? evidence, AuditSummary? later, DateTimeOffset now)
    {
        if ((later ?? evidence?.Audit) is { Findings: > 0, Found: { Count: > 0 } found } audit)
            page.Field(
                "known",
                new Ink($"{Words.Count(audit.Findings, "advisory", "advisories")} open: ", Tone.Bad),
                string.Join(", ", found.Take(MostNamed).Select(f => Told(f, now))),
                audit.Findings > MostNamed ? $" and {audit.Findings - Math.Min(MostNamed, found.Count)} more" : ""
            );
        if (evidence?.Support is { Ended.Count: > 0 } support)
            page.Field("support", new Ink($"past it: {string.Join(", ", support.Ended)}", Tone.Bad));
        if (evidence?.Cases is { } cases)
            page.Field(
                "cases",
                Words.Count(cases.Cases, "case"),
                Named("missing", cases.Missing, Tone.Bad),
                Named("flaky", cases.Flaky, Tone.Waiting),
                Named("not verified", cases.Unverified, Tone.Waiting)
            );
    }

    private static string Told(AuditFinding finding, DateTimeOffset now)
    {
        var score = finding.Score is { } known ? $"CVSS {known:0.0}" : "no CVSS score";
        var days = finding.Known is { } since
            ? $", known for {Words.Count(Math.Max(0, (int)(now - since).TotalDays), "day")}"
            : "";
        return $"{finding.Id} in {finding.Package} ({score}{days})";
    }

    private static Ink Named(string what, IReadOnlyList<string> names, Tone tone) =>
        names.Count == 0
            ? new Ink("")
            : new Ink(
                $"; {what}: {string.Join(", ", names.Take(MostNamed))}"
                    + (names.Count > MostNamed ? $" and {names.Count - MostNamed} more" : ""),
                tone
            );
}

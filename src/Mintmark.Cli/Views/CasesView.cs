using Mintmark.Server;

namespace Mintmark.Cli;

/// <summary>Requirements first, then what is wrong with cases.</summary>
internal static class CasesView
{
    private const int MostCases = 20;

    public static Page Of(CasesAnswer answer)
    {
        var page = new Page().Line(
            new Ink($"{answer.Service}", Tone.Strong),
            $": {Words.Count(answer.Cases, "case")} in the full suite of {answer.Mark}, ",
            $"built at {Words.Time(answer.BuiltAt)}"
        );
        foreach (var requirement in answer.Requirements)
            AddRequirement(page.Line(), requirement, answer);
        var rest = answer.All.Where(c => c.Verifies.Count == 0 && c.Last == answer.Mark).ToList();
        if (rest.Count > 0)
            page.Line().Line(new Ink("cases that verify no requirement", Tone.Strong)).Rows("  ", Rows(rest));
        AddNamed(page, "nothing verifies", answer.Unverified, Tone.Waiting);
        AddCases(page, "flaky", answer.All.Where(c => answer.Flaky.Contains(c.Id)), c => c.Flaky ?? "");
        AddCases(
            page,
            "missing",
            answer.All.Where(c => answer.Missing.Contains(c.Id)),
            c => $"last in {c.Last}; if it went on purpose: mint cases retire {answer.Service} '{c.Id}' --reason \"…\""
        );
        AddCases(
            page,
            "retired",
            answer.All.Where(c => c.Retired is not null),
            c => $"by {c.Retired!.By} at {Words.Time(c.Retired.At)}: {c.Retired.Reason}"
        );
        return page;
    }

    private static void AddRequirement(Page page, RequirementAnswer requirement, CasesAnswer answer)
    {
        page.Line(
            new Ink(requirement.Id, Tone.Strong),
            requirement.Title is { } title ? $" {title}" : "",
            "  ",
            requirement.State switch
            {
                "verified" => new Ink("verified", Tone.Good),
                "failing" => new Ink("failing", Tone.Bad),
                _ => new Ink("not verified", Tone.Waiting),
            },
            requirement.Known == false ? "  (not in the requirements' file)" : ""
        );
        var cases = answer.All.Where(c => requirement.Cases.Contains(c.Id)).ToList();
        page.Rows("  ", Rows(cases));
    }

    private static IReadOnlyList<Ink[]> Rows(List<CaseAnswer> cases) =>
        [
            .. cases
                .Take(MostCases)
                .Select(c =>
                    new Ink[]
                    {
                        Ink.Of(c.State is "passed" or "skipped" or "retried", c.State),
                        c.Id,
                        new(History(c), Tone.Quiet),
                    }
                ),
            .. cases.Count > MostCases
                ?
                [
                    [new Ink($"and {cases.Count - MostCases} more", Tone.Quiet)],
                ]
                : (Ink[][])[],
        ];

    /// <summary>A letter for each version that had it, newest first.</summary>
    private static string History(CaseAnswer one) =>
        one.History.Count < 2
            ? one.Last is { } only
                ? $"since {only}"
                : ""
            : $"{string.Concat(one.History.Select(h => char.ToUpperInvariant(h.Result[0])))} since {one.First}";

    private static void AddNamed(Page page, string heading, IReadOnlyList<string> names, Tone tone)
    {
        if (names.Count > 0)
            page.Line().Line(new Ink(heading, tone), $": {string.Join(", ", names)}");
    }

    private static void AddCases(Page page, string heading, IEnumerable<CaseAnswer> cases, Func<CaseAnswer, string> say)
    {
        var rows = cases.Select(c => new Ink[] { c.Id, new(say(c), Tone.Quiet) }).ToList();
        if (rows.Count > 0)
            page.Line().Line(new Ink(heading, Tone.Bad)).Rows("  ", rows);
    }
}

using Mintmark.Server;

namespace Mintmark.Cli;

internal static class ComponentsView
{
    public static Page Of(ComponentsAnswer answer)
    {
        var packages = answer.Packages.OrderBy(p => p.Key, StringComparer.Ordinal).ToList();
        var page = new Page().Line(
            new Ink($"{answer.Mark}", Tone.Strong),
            $": {Words.Count(packages.Sum(p => p.Value), "component")}"
        );
        if (packages.Count > 0)
            page.Field("packages", string.Join(", ", packages.Select(p => $"{p.Value:#,0} {p.Key}")));
        if (answer.Systems.Count > 0)
            page.Field("systems", string.Join(", ", answer.Systems));
        page.Field("tools", string.Join(", ", answer.Tools.Select(t => $"{t.Name} {t.Version}")));
        foreach (var what in answer.NotCovered)
            page.Field("not read", new Ink(what, Tone.Waiting));
        page.Field(
            "advisories",
            answer.Snapshot is { } snapshot
                ? $"{answer.Advisories:#,0} ({Words.Digest(snapshot)})"
                : "none are there: put some into the home, or name a mirror ('mint advisories --help')"
        );
        if (answer.Open.Count > 0)
            page.Line().Line(new Ink("known and open", Tone.Bad)).Rows("  ", [.. answer.Open.Select(Row)]);
        else if (answer.Snapshot is not null)
            page.Field("open", new Ink("none", Tone.Good));
        if (answer.Excused.Count > 0)
            page.Line()
                .Line(new Ink("excused", Tone.Strong))
                .Rows(
                    "  ",
                    [
                        .. answer.Excused.Select(e =>
                            new Ink[]
                            {
                                e.Advisory,
                                e.Package,
                                new($"by {e.File} until {Words.Time(e.Until)}", Tone.Quiet),
                            }
                        ),
                    ]
                );
        if (answer.PastSupport.Count > 0)
            page.Line()
                .Line(new Ink("past the support of its makers", Tone.Bad))
                .Rows(
                    "  ",
                    [
                        .. answer.PastSupport.Select(p =>
                            new Ink[]
                            {
                                $"{p.Product} {p.Cycle}",
                                p.Part,
                                new($"since {p.Ended:yyyy-MM-dd}, {Words.Count(p.Days, "day")}", Tone.Quiet),
                            }
                        ),
                    ]
                );
        return page;
    }

    private static Ink[] Row(FindingAnswer finding) =>
        [
            new(finding.Score is { } score ? $"{score:0.0}" : "?", Tone.Bad),
            finding.Advisory,
            finding.Package,
            new($"known for {Words.Count(finding.Days, "day")}: {finding.Summary}", Tone.Quiet),
        ];
}

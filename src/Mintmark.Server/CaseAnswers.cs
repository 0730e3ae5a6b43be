using Mintmark.Evidence;
using Mintmark.Releases;

namespace Mintmark.Server;

/// <summary>From a book of test cases to what people are told of it.</summary>
internal static class CaseAnswers
{
    public static CasesAnswer Of(CaseBook book, IReadOnlyDictionary<string, Retirement>? retired, string? requirement)
    {
        var about = book.Cases.Where(c => requirement is null || Verifies(c, requirement)).ToList();
        return new CasesAnswer(
            book.Mark.Service,
            book.Mark,
            book.Versions[0].BuiltAt,
            book.Cases.Count(c => c.InFull),
            [.. book.Requirements.Where(r => requirement is null || Same(r.Id, requirement)).Select(r => Of(r, book))],
            [.. about.Select(c => Of(c, book, retired))],
            [.. about.Where(c => c.IsMissing(retired)).Select(c => c.Id)],
            [.. about.Where(c => c.InFull && c.Flaky is not null).Select(c => c.Id)],
            [.. book.Unverified().Where(id => requirement is null || Same(id, requirement))]
        );
    }

    private static RequirementAnswer Of(BookRequirement requirement, CaseBook book)
    {
        var cases = book.Cases.Where(c => c.InFull && Verifies(c, requirement.Id)).ToList();
        var state =
            cases.Exists(c => c.Results[0] == BookCase.Failed) ? "failing"
            : cases.Exists(c => c.Results[0] is BookCase.Passed or BookCase.Retried) ? "verified"
            : "not-verified";
        return new(
            requirement.Id,
            requirement.Title,
            requirement.Known,
            requirement.Linked,
            state,
            [.. cases.Select(c => c.Id)]
        );
    }

    private static CaseAnswer Of(BookCase one, CaseBook book, IReadOnlyDictionary<string, Retirement>? retired) =>
        new(
            one.Id,
            one.InFull ? BookCase.Word(one.Results[0])
                : one.IsMissing(retired) ? "missing"
                : one.RetiredBy(retired) is not null ? "retired"
                : one.First is null ? "smoke-only"
                : "gone",
            one.Verifies,
            one.First,
            one.Last,
            one.Milliseconds,
            one.Smoke,
            one.Flaky,
            one.RetiredBy(retired),
            [
                .. one
                    .Results.Zip(book.Versions)
                    .Where(r => r.First != BookCase.Absent)
                    .Select(r => new CaseRun(r.Second.Mark, BookCase.Word(r.First))),
            ]
        );

    private static bool Verifies(BookCase one, string requirement) =>
        one.Verifies.Any(link => Same(link.Requirement, requirement));

    /// <summary>With or without what some trackers put before a number.</summary>
    private static bool Same(string a, string b) => a[(a.LastIndexOf('#') + 1)..] == b[(b.LastIndexOf('#') + 1)..];
}

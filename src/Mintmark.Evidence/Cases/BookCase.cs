using System.Text.Json.Serialization;
using Mintmark.Releases;

namespace Mintmark.Evidence;

/// <summary>One test case of a service.</summary>
/// <param name="Verifies">As the last version says that had it.</param>
/// <param name="Results">A letter for each version of the book, in its order: P passed, F failed, S skipped, R passed
/// when tried again, - not there. Of full suites alone.</param>
/// <param name="Smoke">What the smoke suite of this version made of it; null where it is not in it.</param>
/// <param name="Managed">Whether a version that was in service has had it: from then on it may not just go.</param>
/// <param name="First">The first version whose full suite had it; null while only a smoke suite has.</param>
/// <param name="Last">The last such.</param>
/// <param name="LastAt">When that was built.</param>
/// <param name="Flaky">Why it is, in words; null where it is not.</param>
public sealed record BookCase(
    string Id,
    IReadOnlyList<CaseLink> Verifies,
    string Results,
    string? Smoke,
    long Milliseconds,
    bool Managed,
    Mark? First,
    Mark? Last,
    DateTimeOffset? LastAt,
    string? Flaky
)
{
    public const char Passed = 'P';
    public const char Failed = 'F';
    public const char Skipped = 'S';
    public const char Retried = 'R';
    public const char Absent = '-';

    /// <summary>Whether this version's full suite has it.</summary>
    [JsonIgnore]
    public bool InFull => Results[0] != Absent;

    /// <summary>A person retires what is gone; what comes back after that is missed when it goes again.</summary>
    public Retirement? RetiredBy(IReadOnlyDictionary<string, Retirement>? retired) =>
        !InFull && retired?.GetValueOrDefault(Id) is { } by && by.At >= LastAt ? by : null;

    public bool IsMissing(IReadOnlyDictionary<string, Retirement>? retired) =>
        Managed && !InFull && RetiredBy(retired) is null;

    /// <summary>In a version whose full suite does not have it; null where it need not be kept any more.</summary>
    internal BookCase? Without(int past, CaseBook book, Func<Mark, bool> served)
    {
        var managed =
            Managed
            || book.Versions.Where((_, i) => i < Results.Length && Results[i] != Absent).Any(v => served(v.Mark));
        var results = Grown(Absent, Results, past);
        return managed || results.Any(r => r != Absent)
            ? this with
            {
                Results = results,
                Smoke = null,
                Managed = managed,
            }
            : null;
    }

    /// <param name="before">Without this version.</param>
    internal static BookCase With(
        BookCase? before,
        RanCase ran,
        IReadOnlyList<CaseLink> verifies,
        BookVersion at,
        int past
    ) =>
        new(
            ran.Id,
            verifies,
            Letter(ran.Result) + (before?.Results[1..] ?? new string(Absent, past)),
            null,
            ran.Milliseconds,
            before?.Managed ?? false,
            before?.First ?? at.Mark,
            at.Mark,
            at.BuiltAt,
            null
        );

    internal static BookCase InSmoke(BookCase? known, RanCase ran, BookVersion at, int past)
    {
        var none = new string(Absent, past + 1);
        var one = known ?? new(ran.Id, [], none, null, ran.Milliseconds, false, null, null, null, null);
        return one with { Smoke = Word(Letter(ran.Result)[0]) };
    }

    public static string Word(char letter) =>
        letter switch
        {
            Passed => "passed",
            Failed => "failed",
            Skipped => "skipped",
            Retried => "retried",
            _ => "absent",
        };

    private static string Grown(char letter, string results, int past) =>
        letter + (results.Length > past ? results[..past] : results.PadRight(past, Absent));

    private static string Letter(CaseResult result) =>
        result switch
        {
            CaseResult.Passed => "P",
            CaseResult.Failed => "F",
            CaseResult.Retried => "R",
            _ => "S",
        };
}

using System.Collections.Immutable;
using static Mintmark.Releases.Decision;

namespace Mintmark.Releases;

/// <summary>
/// Test cases that a person has retired. Which cases there are is beside the log; that a retired one is back in a later
/// suite ends its retirement, by the times of both.
/// </summary>
internal static class CaseRules
{
    public const int LongestCase = 400;

    public static Decision Decide(State state, Command.RetireCase c)
    {
        if (state.Find(c.Service) is null)
            return Decider.UnknownService(state, c.Service);
        if (c.Case.Length is 0 or > LongestCase || c.Case.Any(char.IsControl))
            return new Refused("no-such-case", $"a case is named by 1 to {LongestCase} printable characters");
        return c.NotMissing is { } why
            ? new Refused("case-not-missing", why)
            : new Accepted([new Event.CaseRetired(c.Service, c.Case, c.Reason)]);
    }

    public static State Apply(State state, Event.CaseRetired e, DateTimeOffset at, Actor by) =>
        Fold.With(
            state,
            e.Service,
            s =>
                s with
                {
                    Retired = (
                        s.Retired ?? ImmutableSortedDictionary.Create<string, Retirement>(StringComparer.Ordinal)
                    ).SetItem(e.Case, new Retirement(at, by, e.Reason)),
                }
        );
}

using static Mintmark.Releases.Decision;

namespace Mintmark.Releases;

/// <summary>
/// Names of authors are beside the log, which holds commitments to them (<c>sha256:…</c>). An erased one stays
/// named by its commitment, so that whoever keeps the name knows what to delete, at every start.
/// </summary>
internal static class EraseRules
{
    private const string Committed = "sha256:";

    public static Decision Decide(State state, Command.EraseAuthor c)
    {
        foreach (var mark in c.Marks)
        {
            if (state.Versions.GetValueOrDefault(mark) is not { } version)
                return new Refused("unknown-version", $"there is no {mark}; 'mint releases' lists what was shipped");
            if (!version.Source.IsAuthorErased() && !version.Source.Author.StartsWith(Committed, default))
                return new Refused(
                    "author-is-in-the-log",
                    $"{mark} was shipped when the log itself still took authors' names, and the log never changes"
                );
        }
        var kept = c.Marks.Where(mark => !state.Versions[mark].Source.IsAuthorErased()).ToList();
        return new Accepted(kept.Count == 0 ? [] : [new Event.AuthorErased(kept, c.Reason)]);
    }

    public static State Apply(State state, Event.AuthorErased e) =>
        e.Marks.Aggregate(
            state,
            (before, mark) =>
                before with
                {
                    Versions = before.Versions.SetItem(mark, WithoutAuthor(before.Versions[mark])),
                }
        );

    private static ServiceVersion WithoutAuthor(ServiceVersion version) =>
        version with
        {
            Source = version.Source with { Author = Source.ErasedAuthor + version.Source.Author },
        };
}

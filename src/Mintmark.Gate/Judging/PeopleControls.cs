using Mintmark.Releases;

namespace Mintmark.Gate;

/// <summary>Controls that persons satisfy. Whose word counts is for <see cref="Duties"/>.</summary>
internal static class PeopleControls
{
    private const int MostNamed = 20;

    public static Found RequesterKnown(Subject subject) =>
        subject.Release.Requester is { } person
            ? Found.Yes($"asked for by {person}, with a token of his own")
            : Found.No(
                $"asked for as '{subject.Release.By}' with the home's token, which may be anybody's",
                "ship as a registered person (mint person add), with the person's own token"
            );

    public static Found Reviewed(Subject subject, int wanted)
    {
        if (Authors(subject) is { } untold)
            return untold;
        var reviews = Duties.Counting(subject.State, subject.Version);
        return reviews.Count >= wanted
            ? Found.Yes($"{Short(subject)} was reviewed by {Names(reviews.Select(r => r.By))}")
            : AwaitReview(
                subject,
                $"{reviews.Count} of {wanted} reviews of {Short(subject)} by others than its authors"
            );
    }

    public static Found ConfigurationReviewed(Subject subject)
    {
        if (subject.Source?.ChangedConfiguration is not { } changed)
            return Found.Missing("a look at what has changed of its configuration");
        if (changed.Count == 0)
            return Found.Yes("configuration is as that of the version that serves");
        if (Authors(subject) is { } untold)
            return untold;
        var more = changed.Count > MostNamed ? $" and {changed.Count - MostNamed} more" : "";
        var named = string.Join(", ", changed.Take(MostNamed)) + more;
        var reviews = Duties.Counting(subject.State, subject.Version);
        return reviews.Count > 0
            ? Found.Yes($"{named} changed, and {Short(subject)} was reviewed by {Names(reviews.Select(r => r.By))}")
            : AwaitReview(subject, $"{named} changed, and nobody but its authors has reviewed {Short(subject)}");
    }

    public static Found Approved(Subject subject, int wanted) => Consent(subject, wanted, "approvals");

    /// <summary>The second person of an emergency; the first is the one who asks.</summary>
    public static Found Consented(Subject subject) => Consent(subject, 1, "consents");

    /// <summary>
    /// Who could name another profile alone would choose his own controls, and his own freeze windows.
    /// </summary>
    public static Found ProfileUnchanged(Subject subject)
    {
        if (subject.State.Find(subject.Release.Service)?.Serving is not { } serving)
            return Found.Yes("nothing serves yet: this version says which profile it is of");
        var (before, now) = (subject.State.Versions[serving].Manifest.Profile, subject.Version.Manifest.Profile);
        if (before == now)
            return Found.Yes($"{now}, as {serving} that serves");
        var moved = $"{now}, where {serving} that serves is of {before}";
        if (subject.State.Persons.Values.All(p => p.RemovedAt is not null))
            return Found.Yes($"{moved}; no person is registered here who could approve it");
        var consent = Consent(subject, 1, "approvals");
        return consent with { Reason = $"{moved}: {consent.Reason}" };
    }

    private static Found Consent(Subject subject, int wanted, string what)
    {
        if (subject.Version.Artifact is not { } artifact)
            return Found.No("no artifact was stored", Found.ShipAgain);
        var (state, release) = (subject.State, subject.Release);
        var counting = Duties.Counting(state, release);
        var flaws = release.Approvals.Select(a => Duties.Flaw(state, release, a)).OfType<string>().Distinct().ToList();
        var others = flaws.Count == 0 ? "" : $"; {string.Join("; ", flaws)}";
        if (counting.Count >= wanted)
            return Found.Yes($"{artifact.Digest} was approved by {Names(counting.Select(a => a.By))}");
        var reason = $"{counting.Count} of {wanted} {what} of {artifact.Digest}{others}";
        var could = Duties.CouldApprove(state, release);
        var roles = Duties.Names(Duties.Consenting(release));
        return counting.Count + could.Count < wanted
            ? Found.No(
                $"{reason}; and there is nobody who could give them",
                $"register somebody: mint person add NAME --role {roles.Split(' ')[0]}; then ship again, as nobody "
                    + "approves who got the role after it was asked for"
            )
            : Found.Await(reason, $"mint approve {release.Id} --reason \"…\", by {Either(could)}");
    }

    /// <summary>Where it cannot be told who wrote it, nobody can be told to be another; null where it can.</summary>
    private static Found? Authors(Subject subject) =>
        subject.Source is not { Authors: { } } source
            ? Found.No(
                "who wrote its commits since the version that serves cannot be told",
                $"{SourceFacts.ToTellAuthors}, then ship again"
            )
        : source.UnknownAuthors > 0
            ? Found.No(
                $"{source.UnknownAuthors} addresses in its commits are no registered person's: whoever reviews might "
                    + "be their author",
                "register them: mint person change NAME --address ADDRESS, then ship again"
            )
        : null;

    private static Found AwaitReview(Subject subject, string reason)
    {
        var could = Duties.CouldReview(subject.State, subject.Version);
        var who = could.Count == 0 ? "a person who is yet to be registered: mint person add" : Either(could);
        return Found.Await(reason, $"mint review {subject.Release.Id} --reason \"…\", by {who}");
    }

    private static string Short(Subject subject) =>
        subject.Version.Source.Commit[..Math.Min(12, subject.Version.Source.Commit.Length)];

    private static string Names(IEnumerable<PersonName> names) => string.Join(", ", names);

    private static string Either(IReadOnlyList<PersonName> names)
    {
        const int most = 5;
        var named = string.Join(", ", names.Take(most));
        return names.Count > most ? $"{named} or {names.Count - most} others" : named;
    }
}

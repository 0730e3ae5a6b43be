using static Mintmark.Releases.Decision;

namespace Mintmark.Releases;

/// <summary>
/// What persons say of a release: that it may go on, that it may not, that they have read what is in it. None of it is
/// one's word about one's own work, and each is about the very artifact that there is.
/// </summary>
internal static class ApprovalRules
{
    public static Decision Decide(State state, Command.Approve c, Actor by)
    {
        if (AtTheGate(state, c.Release, c.Digest, out var release, out var digest) is { } wrong)
            return wrong;
        var person = new PersonName(by.Name);
        if (release!.By == by)
            return new Refused("own-release", Duties.CannotApprove(state, release, person)!);
        if (Duties.CannotApprove(state, release, person) is { } why)
            return new Refused("approval-does-not-count", why);
        return new Accepted(
            release.Approvals.Exists(a => a.By == person && a.Digest == digest)
                ? []
                : [new Event.ReleaseApproved(release.Id, digest!, c.Reason)]
        );
    }

    public static Decision Decide(State state, Command.Decline c) =>
        AtTheGate(state, c.Release, c.Digest, out var release, out var digest) is { } wrong
            ? wrong
            : new Accepted([new Event.ReleaseDeclined(release!.Id, digest!, c.Reason)]);

    public static Decision Decide(State state, Command.Review c, Actor by)
    {
        if (state.Find(c.Service) is not { } service)
            return Decider.UnknownService(state, c.Service);
        var person = new PersonName(by.Name);
        if (c.Authors is null)
        {
            return new Refused(
                "authors-unknown",
                $"who wrote it since the version that serves cannot be told, and nobody reviews his own: "
                    + SourceFacts.ToTellAuthors
            );
        }
        if (c.Authors.Intersect(state.Persons[person].Addresses).Any())
            return new Refused("own-commit", $"{person} wrote it, and nobody reviews his own");
        return new Accepted(
            service.Reviews.Exists(r => r.By == person && r.Commit == c.Commit)
                ? []
                : [new Event.CommitReviewed(c.Service, c.Commit, c.Reason)]
        );
    }

    public static Decision Decide(State state, Command.ReviewEmergency c, Actor by)
    {
        if (state.Releases.GetValueOrDefault(c.Release) is not { } release)
            return Unknown(c.Release);
        if (!release.Emergency)
            return new Refused("no-emergency", $"{c.Release} is no emergency release");
        if (release.EmergencyReview is not null)
            return new Accepted([]);
        if (!state.Services[release.Service].Emergencies.Contains(release.Id))
            return new Refused("nothing-to-review", $"{c.Release} was not let through: there is nothing to review");
        return Duties.CannotReviewEmergency(state, release, new(by.Name)) is { } why
            ? new Refused("own-emergency", why)
            : new Accepted([new Event.EmergencyReviewed(c.Release, c.Reason)]);
    }

    private static Refused? AtTheGate(State state, ReleaseId id, string? seen, out Release? release, out string? digest)
    {
        release = state.Releases.GetValueOrDefault(id);
        digest = release is null ? null : state.Versions[release.Mark].Artifact?.Digest;
        if (release is null)
            return Unknown(id);
        if (release.Phase == Phase.Building)
            return new("nothing-to-approve", $"{id} is being built: there is nothing yet that could be approved");
        if (release.Phase != Phase.Gating)
        {
            var place = release.OutcomeReason ?? release.Phase.ToString().ToLowerInvariant();
            return new("nothing-waits", $"{id} is not at the gate any more: {place}");
        }
        return seen is not null && seen != digest
            ? new Refused("another-artifact", $"{id} is {digest} now, not {seen}: look at it again")
            : null;
    }

    private static Refused Unknown(ReleaseId id) =>
        new("unknown-release", $"there is no {id}; 'mint releases' lists them");
}

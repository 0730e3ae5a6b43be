namespace Mintmark.Releases;

/// <summary>
/// Who may do what, and whose word counts for a release: the separation of duties. Pure; commands are decided by it,
/// and the gate judges by it again.
/// </summary>
public static class Duties
{
    /// <summary>How long an enforced control may be observed at most.</summary>
    public static readonly TimeSpan LongestObserved = TimeSpan.FromDays(90);

    /// <summary>Who may consent to a release.</summary>
    public static IReadOnlyList<Role> Consenting(Release release) =>
        release.Emergency ? [Role.Approver, Role.DutyOfficer] : [Role.Approver];

    /// <summary>
    /// Why a person's word for a release does not count; null where it does. Nobody approves his own release, and
    /// nobody who got the role for it.
    /// </summary>
    public static string? CannotApprove(State state, Release release, PersonName by)
    {
        if (state.Persons.GetValueOrDefault(by) is not { RemovedAt: null } person)
            return $"{by} is no person here any more";
        if (release.By == by.Actor)
            return $"{by} asked for {release.Id}, and nobody approves his own";
        var roles = Consenting(release);
        if (!roles.Any(person.Has))
            return $"{by} is no {Names(roles)}";
        return roles.Any(role => person.HadBefore(role, release.Entry))
            ? null
            : $"{by} has been {Names(roles)}, or has this token, only since {release.Id} was asked for";
    }

    /// <summary>Why an approval does not count for the artifact that there is; null where it does.</summary>
    public static string? Flaw(State state, Release release, Approval approval) =>
        state.Versions[release.Mark].Artifact?.Digest != approval.Digest
            ? $"{approval.By} approved another artifact ({approval.Digest})"
            : CannotApprove(state, release, approval.By);

    /// <summary>The approvals that count: one a person.</summary>
    public static IReadOnlyList<Approval> Counting(State state, Release release) =>
        [.. release.Approvals.Where(a => Flaw(state, release, a) is null).DistinctBy(a => a.By)];

    /// <summary>Who could still approve a release.</summary>
    public static IReadOnlyList<PersonName> CouldApprove(State state, Release release) =>
        [
            .. state.Persons.Keys.Where(name =>
                CannotApprove(state, release, name) is null
                && Counting(state, release).All(approval => approval.By != name)
            ),
        ];

    /// <summary>Why a person's review of a version's commit does not count; null where it does.</summary>
    public static string? CannotReview(State state, ServiceVersion version, PersonName by)
    {
        if (state.Persons.GetValueOrDefault(by) is not { RemovedAt: null } person)
            return $"{by} is no person here any more";
        if (!person.Has(Role.Engineer) && !person.Has(Role.Approver))
            return $"{by} is no {Names([Role.Engineer, Role.Approver])}";
        return version.Artifact?.Evidence?.Source?.Authors?.Contains(by) == true
            ? $"{by} wrote some of it, and nobody reviews his own"
            : null;
    }

    /// <summary>Reviews of a version's commit that count.</summary>
    public static IReadOnlyList<Review> Counting(State state, ServiceVersion version) =>
        [
            .. (state.Find(version.Mark.Service)?.Reviews ?? [])
                .Where(r => r.Commit == version.Source.Commit && CannotReview(state, version, r.By) is null)
                .DistinctBy(r => r.By),
        ];

    /// <summary>Who could review a version's commit.</summary>
    public static IReadOnlyList<PersonName> CouldReview(State state, ServiceVersion version) =>
        [.. state.Persons.Keys.Where(name => CannotReview(state, version, name) is null)];

    /// <summary>
    /// Whether a control of the profile can refuse a release, or is only observed. What somebody relaxed is not relaxed
    /// for releases that he asks for himself, and all who bear the home's token are one.
    /// </summary>
    /// <param name="release">Null for whatever release may come.</param>
    public static bool IsEnforced(
        State state,
        ServiceName service,
        string control,
        Release? release,
        DateTimeOffset now
    ) =>
        state.Find(service) is { } known
        && known.Enforced.ContainsKey(control)
        && !(
            known.Observed.TryGetValue(control, out var relaxed)
            && now < relaxed.Until
            && !IsOfTheSame(state, release, relaxed.By)
        );

    /// <summary>Whether who relaxed something is who asked for the release.</summary>
    public static bool IsOfTheSame(State state, Release? release, Actor by) =>
        release is not null && (release.By == by || (release.Requester is null && state.PersonOf(by) is null));

    /// <summary>
    /// Emergency releases that the gate let through, and that nobody has looked at since: no ordinary release of the
    /// service goes forward until somebody has.
    /// </summary>
    public static IEnumerable<Release> Unreviewed(State state, ServiceName service) =>
        state.Find(service)?.Emergencies.Select(id => state.Releases[id]) ?? [];

    /// <summary>Who could review an emergency release: neither who asked for it nor who consented.</summary>
    public static IReadOnlyList<PersonName> CouldReviewEmergency(State state, Release release) =>
        [.. state.Persons.Keys.Where(name => CannotReviewEmergency(state, release, name) is null)];

    public static string? CannotReviewEmergency(State state, Release release, PersonName by)
    {
        if (state.Persons.GetValueOrDefault(by) is not { RemovedAt: null } person)
            return $"{by} is no person here any more";
        if (!person.Has(Role.DutyOfficer) && !person.Has(Role.Approver))
            return $"{by} is no {Names([Role.DutyOfficer, Role.Approver])}";
        return release.By == by.Actor || release.Approvals.Exists(a => a.By == by)
            ? $"{by} made {release.Id} what it is: somebody else looks at it"
            : null;
    }

    /// <summary>Such as <c>approver or duty-officer</c>.</summary>
    public static string Names(IEnumerable<Role> roles) => string.Join(" or ", roles.Select(Name));

    /// <summary>As the log has it.</summary>
    public static string Name(Role role) =>
        System.Text.Json.JsonNamingPolicy.KebabCaseLower.ConvertName(role.ToString());

    /// <summary>Those who have one of the roles now.</summary>
    public static IReadOnlyList<PersonName> Having(State state, params IReadOnlyList<Role> roles) =>
        [.. state.Persons.Values.Where(p => roles.Any(p.Has)).Select(p => p.Name)];
}

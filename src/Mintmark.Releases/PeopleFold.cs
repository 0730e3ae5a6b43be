using System.Collections.Immutable;

namespace Mintmark.Releases;

/// <summary>The part of the fold that concerns persons, what they say to releases, and what is enforced.</summary>
internal static class PeopleFold
{
    /// <summary>How many reviewed commits of a service are known, the newest of them.</summary>
    internal const int MostReviews = 1_000;

    /// <returns>Null where the event is none of these.</returns>
    public static State? Apply(State state, Event what, DateTimeOffset at, Actor by) =>
        Changed(state, what, at, by) is { } next
            ? next with
            {
                DutiesAt = state.Size + 1,
            }
            : Waits(state, what, at) ?? Rehearsed(state, what, at);

    /// <summary>What may change what the gate would say.</summary>
    private static State? Changed(State state, Event what, DateTimeOffset at, Actor by) =>
        what switch
        {
            Event.PersonAdded e => Put(state, Added(e, new(at, state.Size))),
            Event.PersonChanged e => Put(state, Changed(state.Persons[e.Person], e, new(at, state.Size))),
            Event.PersonRemoved e => Put(state, state.Persons[e.Person] with { RemovedAt = at }),
            Event.CommitReviewed e => Fold.With(
                state,
                e.Service,
                s => s with { Reviews = Reviewed(s.Reviews, new(e.Commit, new(by.Name), at, e.Reason)) }
            ),
            Event.ReleaseApproved e => Fold.With(
                state,
                e.Release,
                r => r with { Approvals = r.Approvals.Add(new(new(by.Name), at, e.Digest, e.Reason)) }
            ),
            Event.ReleaseDeclined e => Fold.Ended(
                state,
                e.Release,
                Outcome.Refused,
                $"declined by {by}: {e.Reason}",
                at
            ),
            Event.EmergencyReviewed e => Fold.With(
                Fold.With(state, e.Release, r => r with { EmergencyReview = new(new(by.Name), at, e.Reason) }),
                state.Releases[e.Release].Service,
                s => s with { Emergencies = s.Emergencies.Remove(e.Release) }
            ),
            Event.ControlsEnforced e => Fold.With(state, e.Service, s => Enforced(s, e, new(at, by, e.Reason))),
            Event.ControlsObserved e => Fold.With(state, e.Service, s => Observed(s, e, at, by)),
            _ => null,
        };

    private static State? Waits(State state, Event what, DateTimeOffset at) =>
        what is Event.GateWaits e
            ? Fold.With(state, e.Release, r => r with { Awaited = new(at, e.Controls, e.Policy) })
            : null;

    private static State? Rehearsed(State state, Event what, DateTimeOffset at) =>
        what switch
        {
            Event.RehearsalBegun e => Fold.With(state, e.Release, r => r with { Rehearsal = new(at) }),
            Event.RehearsalLifted e => Fold.With(
                state,
                e.Release,
                r => r with { Rehearsal = r.Rehearsal! with { StoppedMilliseconds = e.Milliseconds } }
            ),
            Event.KillRehearsed e => Fold.With(
                state,
                e.Release,
                r => r with { Rehearsal = new(r.Rehearsal!.Begun, e.Milliseconds, at, e.Stopped, e.Found) }
            ),
            _ => null,
        };

    private static State Put(State state, Person person) =>
        state with
        {
            Persons = state.Persons.SetItem(person.Name, person),
        };

    private static Person Added(Event.PersonAdded e, RoleSince now) =>
        new(e.Person, now.At, Since(e.Roles, now), e.TokenDigest, e.Addresses, null);

    private static Person Changed(Person person, Event.PersonChanged e, RoleSince now) =>
        person with
        {
            RolesSince = Roles(person, e, now),
            TokenDigest = e.TokenDigest ?? person.TokenDigest,
            Addresses = e.Addresses ?? person.Addresses,
        };

    /// <summary>
    /// A role that was there already is as old as it was; but with another token whoever gave that may be its bearer.
    /// </summary>
    private static ImmutableSortedDictionary<Role, RoleSince> Roles(Person person, Event.PersonChanged e, RoleSince now)
    {
        var roles = e.Roles ?? [.. person.Roles];
        var since = Since(roles, now);
        return e.TokenDigest is null
            ? since.SetItems(person.RolesSince.Where(held => roles.Contains(held.Key)))
            : since;
    }

    private static ImmutableSortedDictionary<Role, RoleSince> Since(IEnumerable<Role> roles, RoleSince now) =>
        roles.Distinct().ToImmutableSortedDictionary(role => role, _ => now);

    private static ImmutableList<Review> Reviewed(ImmutableList<Review> reviews, Review review)
    {
        var with = reviews.Add(review);
        return with.Count > MostReviews ? with.RemoveRange(0, with.Count - MostReviews) : with;
    }

    private static Service Enforced(Service service, Event.ControlsEnforced e, Enforcement since) =>
        service with
        {
            Enforced = e.Controls.Aggregate(
                service.Enforced,
                (all, control) => all.ContainsKey(control) ? all : all.Add(control, since)
            ),
            Observed = service.Observed.RemoveRange(e.Controls),
        };

    private static Service Observed(Service service, Event.ControlsObserved e, DateTimeOffset at, Actor by) =>
        e.Until is { } until
            ? service with
            {
                Observed = service.Observed.SetItems(
                    e.Controls.Select(c => KeyValuePair.Create(c, new Relaxation(at, by, until, e.Reason)))
                ),
            }
            : service;
}

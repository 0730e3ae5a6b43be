using Mintmark.Releases;
using Xunit;
using static Mintmark.Tests.Releases.Bank;

namespace Mintmark.Tests.Releases;

public sealed class WhenAReleaseWaitsForPeople
{
    private static readonly string Digest = Built(1).Artifact.Digest;
    private static readonly State Waiting = People.AtTheGate();

    private static Command.Approve Approve(string? digest = null) => new(Release(1), digest, Why);

    [Fact]
    public void SomebodyElseApprovesTheArtifactThatThereIs()
    {
        var approved = Waiting.When(People.Approver, Approve(Digest));

        approved.Then(new Event.ReleaseApproved(Release(1), Digest, Why));
        Assert.Equal([People.Approver], Counting(approved.State));
    }

    [Fact]
    public void WhoAskedForItDoesNotEvenIfApproverToo() =>
        By(Change(People.Engineer, Role.Engineer, Role.Approver), Waiting)
            .When(People.Engineer, Approve())
            .ThenRefused("own-release", "nobody approves his own");

    [Fact]
    public void WhoeverHasTheHomesTokenDoesNot() =>
        Story.When(Waiting, Approve(), People.Home).ThenRefused("person-needed", "adam, olga");

    [Fact]
    public void WhoGotTheRoleForItDoesNot() =>
        By(Change(People.Auditor, Role.Approver), Waiting)
            .When(People.Auditor, Approve())
            .ThenRefused("approval-does-not-count", "only since rel-1 was asked for");

    [Fact]
    public void WhoGotAnotherTokenForItDoesNot() =>
        By(new Event.PersonChanged(new(People.Approver), null, People.Digest('9'), null, Why), Waiting)
            .When(People.Approver, Approve())
            .ThenRefused("approval-does-not-count", "has this token, only since rel-1 was asked for");

    [Fact]
    public void AnotherArtifactIsNotTheOneThatWasLookedAt() =>
        Waiting.When(People.Approver, Approve("sha256:other")).ThenRefused("another-artifact", "look at it again");

    [Fact]
    public void AnApprovalOfAnotherArtifactDoesNotCount() =>
        Assert.Empty(
            Counting(People.By(People.Approver, Waiting, new Event.ReleaseApproved(Release(1), "sha256:other", Why)))
        );

    [Fact]
    public void AnApprovalDoesNotCountOnceItsRoleIsGone()
    {
        var approved = Waiting.When(People.Approver, Approve()).State;

        Assert.Empty(Counting(By(Change(People.Approver, Role.Auditor), approved)));
        Assert.Empty(Counting(By(new Event.PersonRemoved(new(People.Approver), Why), approved)));
    }

    [Fact]
    public void TheSamePersonCountsOnce()
    {
        var once = Waiting.When(People.Approver, Approve()).State;

        once.When(People.Approver, Approve()).Then();
        Assert.Equal([People.Other], Duties.CouldApprove(once, once.Releases[Release(1)]).Select(p => p.Value));
    }

    [Fact]
    public void ARefusalEndsIt()
    {
        var declined = Waiting.When(People.Approver, new Command.Decline(Release(1), null, Why));

        declined.Then(new Event.ReleaseDeclined(Release(1), Digest, Why));
        var release = declined.State.Releases[Release(1)];
        Assert.Equal((Outcome.Refused, "declined by adam: because"), (release.Outcome, release.OutcomeReason));
        Assert.Null(release.Awaited);
    }

    [Fact]
    public void NothingIsApprovedBeforeItIsBuilt() =>
        People
            .By(People.Engineer, Story.Given(People.All), Building(1))
            .When(People.Approver, Approve())
            .ThenRefused("nothing-to-approve");

    [Fact]
    public void NothingIsApprovedOnceItIsDecided() =>
        By(new Event.GateDecided(Release(1), [Passed]), Waiting)
            .When(People.Approver, Approve())
            .ThenRefused("nothing-waits");

    [Fact]
    public void ItsAuthorDoesNotReviewIt()
    {
        Waiting
            .When(People.Other, new Command.Review(Name, Commit.Commit, [$"{People.Other}@", "x@"], Why))
            .ThenRefused("own-commit");
        Waiting
            .When(People.Other, new Command.Review(Name, Commit.Commit, ["x@"], Why))
            .Then(new Event.CommitReviewed(Name, Commit.Commit, Why));
    }

    [Fact]
    public void NobodyReviewsWhatMayBeHisOwn() =>
        Waiting
            .When(People.Other, new Command.Review(Name, Commit.Commit, null, Why))
            .ThenRefused("authors-unknown", "git fetch --unshallow");

    [Fact]
    public void AReviewByAnAuthorDoesNotCount()
    {
        var read = People.By(People.Other, Waiting, new Event.CommitReviewed(Name, Commit.Commit, Why));
        var written = WrittenBy(read, People.Other);

        Assert.Single(Duties.Counting(read, read.Versions[Mark(1)]));
        Assert.Empty(Duties.Counting(written, written.Versions[Mark(1)]));
    }

    [Fact]
    public void AReviewOfAnotherCommitDoesNotCount()
    {
        var read = People.By(People.Other, Waiting, new Event.CommitReviewed(Name, new string('f', 40), Why));

        Assert.Empty(Duties.Counting(read, read.Versions[Mark(1)]));
    }

    [Fact]
    public void WhatTheGateJudgedByAStateBeforeIsOvertaken()
    {
        var decided = new Event.GateDecided(Release(1), [Passed]);
        var seen = Waiting.Size;
        var declined = By(new Event.PersonRemoved(new(People.Approver), Why), Waiting);

        Story.When(declined, new Command.Record(decided, seen)).ThenRefused("overtaken", "persons");
        Story.When(declined, new Command.Record(decided, declined.Size)).Then(decided);
    }

    private static IEnumerable<string> Counting(State state) =>
        Duties.Counting(state, state.Releases[Release(1)]).Select(a => a.By.Value);

    private static Event.PersonChanged Change(string name, params IReadOnlyList<Role> roles) =>
        new(new(name), roles, null, null, Why);

    private static State By(Event what, State state) => Story.AfterBy(People.Home, state, what);

    private static State WrittenBy(State state, string name)
    {
        var version = state.Versions[Mark(1)];
        var source = new SourceSummary(SignatureState.Good, 1, [], [], null, [new(name)], 0);
        var artifact = version.Artifact! with { Evidence = new BuildEvidence([], 0, [], Source: source) };
        return state with { Versions = state.Versions.SetItem(Mark(1), version with { Artifact = artifact }) };
    }
}

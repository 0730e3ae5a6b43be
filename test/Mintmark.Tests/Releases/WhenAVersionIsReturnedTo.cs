using Mintmark.Releases;
using Xunit;
using static Mintmark.Tests.Releases.Bank;
using static Mintmark.Tests.Releases.Story;

namespace Mintmark.Tests.Releases;

public sealed class WhenAVersionIsReturnedTo
{
    private static readonly State Waiting = Given([
        .. InService(3),
        new Event.InstanceExited(Instance(1), 0, "retired"),
        ReturnRequested(4, to: 1),
    ]);
    private static readonly State Ready = After(
        Waiting,
        [new Event.ReleaseAdmitted(Release(4), Mark(3)), .. Healthy(4, mark: 1)]
    );

    [Fact]
    public void TheBadOneServesUntilItIsUp()
    {
        Assert.Equal(Mark(3), Ready.Find(Name)!.Serving);
        After(Waiting, new Event.ReleaseAdmitted(Release(4), Mark(3)))
            .IsOvertaken(Promoted(4), "bank-1 has no healthy instance");
    }

    [Fact]
    public void ItServesAtOnceWithoutStepsAndGuard()
    {
        var story = Ready.WhenRecorded(Promoted(4)).Then(Promoted(4), GuardEnded(4));

        Assert.Equal(Mark(1), story.State.Find(Name)!.Serving);
        Assert.Equal(Outcome.Promoted, story.State.Releases[Release(4)].Outcome);
        Assert.Empty(story.State.Open(Name));
    }

    [Fact]
    public void TheOnesThatWereLeftAreNoLongerGood()
    {
        var back = Ready.WhenRecorded(Promoted(4)).State;

        Assert.Equal([Mark(1)], back.Find(Name)!.Good);
        back.When(Rollback()).ThenRefused("no-good-version");
        back.When(Rollback(to: 3)).ThenRefused("not-a-good-version");
    }

    [Fact]
    public void ItGetsNoStep() => Ready.IsOvertaken(Step(4, 0), "nothing to compare with");

    [Fact]
    public void NeitherFreezeNorHaltHoldsIt()
    {
        var admitted = new Event.ReleaseAdmitted(Release(4), Mark(3));
        foreach (Event hold in (Event[])[new Event.Frozen(null, Why), new Event.Halted(Name, Why)])
        {
            After(Waiting, hold).IsRecorded(admitted);
            After(Ready, hold).WhenRecorded(Promoted(4)).Then(Promoted(4), GuardEnded(4));
        }
    }

    [Fact]
    public void OneThatCannotStayUpIsGivenUpAndTheGoodOnesStay()
    {
        var story = Ready.WhenRecorded(Judged(4, -1, Verdict.Worse));

        story.Then(Judged(4, -1, Verdict.Worse), new Event.RolledBack(Release(4), "worse: because"));
        Assert.Equal(Mark(3), story.State.Find(Name)!.Serving);
        Assert.Equal([Mark(1), Mark(2), Mark(3)], story.State.Find(Name)!.Good);
    }

    [Fact]
    public void TheSameWishAgainIsRefused()
    {
        Ready.When(Rollback()).ThenRefused("one-rollback-at-a-time", "rel-4 goes back to bank-1 already");
        Ready.When(Rollback(to: 1)).ThenRefused("one-rollback-at-a-time");
    }

    [Fact]
    public void AnotherVersionMayBeNamedInstead()
    {
        var story = Ready.When(Rollback(to: 2)).Then(RolledBack(4), ReturnRequested(5, to: 2));

        Assert.Equal([Release(5)], story.State.Open(Name).Select(r => r.Id));
    }

    [Fact]
    public void NamingTheOneThatServesCallsItOff() => Ready.When(Rollback(to: 3)).Then(RolledBack(4));

    [Fact]
    public void ItsBuildIsNotAskedForAgain() => Waiting.IsOvertaken(Built(4));
}

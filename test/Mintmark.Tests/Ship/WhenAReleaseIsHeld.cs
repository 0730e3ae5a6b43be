using Mintmark.Releases;
using Mintmark.Ship;
using Mintmark.Tests.Watch;
using Xunit;
using static Mintmark.Tests.Watch.Story;

namespace Mintmark.Tests.Ship;

public sealed class WhenAReleaseIsHeld
{
    private static readonly Command Freeze = new Command.Freeze(null, "year end");
    private static readonly Command Halt = new Command.Halt(Bank, "double postings");

    public static TheoryData<bool> Holds => [true, false];

    [Theory]
    [MemberData(nameof(Holds))]
    public void NothingIsAdmitted(bool frozen) =>
        Assert.Null(Next(InMemory().Serving().Waiting().Do(frozen ? Freeze : Halt)));

    [Theory]
    [MemberData(nameof(Holds))]
    public void NoFirstStepIsTaken(bool frozen) =>
        Assert.Null(Next(InMemory().Serving().Starting().Reported(Mark(1)).Healthy().Do(frozen ? Freeze : Halt)));

    [Theory]
    [MemberData(nameof(Holds))]
    public void AGoodEnoughStepIsNotFollowedByAnother(bool frozen) =>
        Assert.Null(Next(InMemory().Serving().Ramping().GoodEnough().Do(frozen ? Freeze : Halt)));

    [Fact]
    public void ItGoesOnWhenTheFreezeIsLifted()
    {
        var story = InMemory().Serving().Ramping().GoodEnough().Do(Freeze);

        Assert.IsType<Event.StepTaken>(Next(story.Do(new Command.Thaw(null, "done"))));
    }

    [Fact]
    public void AWorseVerdictStillRollsBack()
    {
        var story = InMemory().Serving().Ramping().Do(Freeze).Do(Halt);

        story.Then(new Event.VerdictReached(new(2), 0, Verdict.Worse, "40 errors", 9.9m));

        Assert.Equal(Outcome.RolledBack, story.State.Releases[new(2)].Outcome);
        Assert.Equal(Mark(1), story.State.Services[Bank].Serving);
    }

    [Fact]
    public void AReturnIsHeldByNothing()
    {
        var story = InMemory().Serving().Guarding().After(600).Then(new Event.GuardEnded(new(2)));
        story.Exited(Mark(1), 0).Do(Freeze).Do(Halt).Do(new Command.Rollback(Bank, null, "sums off"));

        Assert.IsType<Event.ReleaseAdmitted>(Next(story));
        Assert.IsType<Event.Promoted>(Next(story.Admitted().Started().Healthy()));
    }

    [Fact]
    public void AReleaseWaitsForTheGuardOfTheOneBefore()
    {
        var story = InMemory().Serving().Guarding().Waiting();
        Assert.Null(Next(story));

        story.After(600).Then(new Event.GuardEnded(new(2)));

        Assert.Equal(new Event.ReleaseAdmitted(new(3), Mark(2)), Next(story));
    }

    [Theory]
    [InlineData(599.9, false)]
    [InlineData(600, true)]
    public void TheGuardEndsWhenItsTimeIsOver(double seconds, bool ends) =>
        Assert.Equal(ends ? new Event.GuardEnded(new(2)) : null, Next(InMemory().Serving().Guarding().After(seconds)));

    [Fact]
    public void AFreezeDoesNotProlongTheGuardButAHaltDoes()
    {
        Assert.IsType<Event.GuardEnded>(Next(InMemory().Serving().Guarding().Do(Freeze).After(600)));
        Assert.Null(Next(InMemory().Serving().Guarding().Do(Halt).After(600)));
    }

    [Fact]
    public void AVersionThatIsDownHasNotLivedThroughItsGuard()
    {
        var story = InMemory().Serving().Guarding().After(599).Exited(Mark(2), 139).After(10);
        Assert.Null(Next(story));

        Assert.IsType<Event.GuardEnded>(Next(story.Started().Healthy()));
    }

    private static Event? Next(Story story) => Planner.Next(story.State, story.Release, story.Now, _ => Past.Unknown);
}

using Mintmark.Releases;
using Mintmark.Route;
using Mintmark.Ship;
using Mintmark.Tests.Watch;
using Xunit;

namespace Mintmark.Tests.Ship;

public sealed class WhenAKillIsRehearsed : IDisposable
{
    private static readonly RehearsalAnswer Well = new(200, Halted: false);
    private static readonly RehearsalAnswer Refused = new(503, Halted: true);

    private readonly Story story = Story.InAJournal();
    private readonly Scripted probe = new();
    private readonly RehearsalReconciler reconciler;

    public WhenAKillIsRehearsed()
    {
        var demanded = new ControlResult(Trials.KillRehearsed, true, "before its traffic", Standing.Later);
        story.Shipped().Built().Then(new Event.GateDecided(new(1), [demanded])).Admitted().Started().Healthy();
        reconciler = new RehearsalReconciler(story.Journal!, probe, story.Clock);
    }

    public void Dispose() => story.Dispose();

    private Release Release => story.State.Releases[new(1)];

    private Rehearsal? Rehearsal => Release.Rehearsal;

    private Rehearsing? Routed => Routes.From(story.State).Services.Single().Rehearsal;

    [Fact]
    public async Task ItAnswersIsHaltedAloneIsRefusedAndAnswersAgain()
    {
        Assert.Null(Routed!.Halted);
        await RoundAsync(Well);
        Assert.Equal("rel-1 rehearses the halt of bank-1", Routed!.Halted);

        await RoundAsync(Well);
        Assert.Null(Rehearsal!.StoppedMilliseconds);

        await RoundAsync(Refused, after: 0.04);
        Assert.Equal(40, Rehearsal!.StoppedMilliseconds);
        Assert.Null(Routed!.Halted);

        await RoundAsync(Refused);
        Assert.Null(Rehearsal!.Ended);
        await RoundAsync(Well);
        Assert.True(Rehearsal!.Stopped);
        Assert.Contains("nothing went through 40 ms after its halt", Rehearsal.Found, StringComparison.Ordinal);
        Assert.Null(Routed);
    }

    [Fact]
    public async Task NobodyWaitsInAHaltOfAll()
    {
        await RoundAsync(Well);
        await RoundAsync(Refused);
        await RoundAsync(Refused);
        story.Do(new Command.Halt(Story.Bank, "stop"));
        await RoundAsync(Refused, after: 600);
        story.Do(new Command.Resume(Story.Bank, "go on"));

        await RoundAsync(Refused, after: 0.01);
        Assert.Null(Rehearsal!.Ended);
        await RoundAsync(Well);
        Assert.True(Rehearsal!.Stopped);
    }

    [Fact]
    public async Task ItBeginsOnlyWithAVersionThatAnswers()
    {
        await RoundAsync(new(503, Halted: false));
        await RoundAsync(new(null, Halted: false));

        Assert.Null(Rehearsal);
    }

    [Fact]
    public async Task AHaltThatStopsNothingTakesTheVersionBack()
    {
        await RoundAsync(Well);
        await RoundAsync(Well, after: 4.9);
        Assert.Null(Release.Outcome);
        await RoundAsync(Well, after: 0.2);

        Assert.Equal(Outcome.RolledBack, Release.Outcome);
        Assert.Contains("still answered 200", Release.OutcomeReason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AVersionThatIsDownByItselfIsNoHalt()
    {
        await RoundAsync(Well);
        await RoundAsync(new(503, Halted: false), after: 6);

        Assert.Equal(Outcome.RolledBack, Release.Outcome);
    }

    [Fact]
    public async Task OneThatDoesNotComeBackIsTakenBack()
    {
        await RoundAsync(Well);
        await RoundAsync(Refused, after: 0.1);
        await RoundAsync(Refused);
        await RoundAsync(Refused, after: 6);

        Assert.Equal(Outcome.RolledBack, Release.Outcome);
        Assert.Contains("did not answer again", Release.OutcomeReason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AControlPlaneThatIsStartedAgainGoesOnWhereItWas()
    {
        await RoundAsync(Well);
        story.After(60);
        probe.Answer = Well;
        var another = new RehearsalReconciler(story.Journal!, probe, story.Clock);

        await another.ReconcileAsync(default);
        Assert.Null(Release.Outcome);
        probe.Answer = Refused;
        await another.ReconcileAsync(default);
        probe.Answer = Well;
        await another.ReconcileAsync(default);
        Assert.True(Rehearsal!.Stopped);
    }

    private async Task RoundAsync(RehearsalAnswer answer, double after = 0)
    {
        story.After(after);
        probe.Answer = answer;
        await reconciler.ReconcileAsync(default);
    }

    private sealed class Scripted : IRehearsalProbe
    {
        public RehearsalAnswer Answer { get; set; }

        public Task<RehearsalAnswer> AskAsync(Mark mark, string path, CancellationToken ct) => Task.FromResult(Answer);
    }
}

using Mintmark.Releases;
using Xunit;
using static Mintmark.Tests.Releases.Bank;

namespace Mintmark.Tests.Releases;

public sealed class WhenAKillIsToBeRehearsed
{
    private static readonly Event Begun = new Event.RehearsalBegun(Release(1));
    private static readonly Event Lifted = new Event.RehearsalLifted(Release(1), 12);
    private static readonly Event Stopped = new Event.KillRehearsed(Release(1), true, "200, 503, 200", 12);
    private static readonly Event Deaf = new Event.KillRehearsed(Release(1), false, "answered 200 still", 0);

    /// <summary>A first release, healthy and not yet in service.</summary>
    private static State Ready(params IReadOnlyList<ControlResult> gate) =>
        Story.Given([
            .. Gating(1),
            new Event.GateDecided(Release(1), gate),
            new Event.ReleaseAdmitted(Release(1), null),
            .. Healthy(1, 1),
        ]);

    [Fact]
    public void NothingGoesThroughBeforeItWas()
    {
        var ready = Ready(ToRehearse);
        ready.IsOvertaken(Promoted(1), "is to be rehearsed");

        var begun = ready.WhenRecorded(Begun).State;
        Assert.True(begun.Releases[Release(1)].Rehearsal!.Halts);
        begun.IsOvertaken(Promoted(1), "is being rehearsed");

        var lifted = begun.WhenRecorded(Lifted).State;
        Assert.False(lifted.Releases[Release(1)].Rehearsal!.Halts);
        lifted.IsOvertaken(Promoted(1), "is being rehearsed");

        lifted.WhenRecorded(Stopped).State.IsRecorded(Promoted(1));
    }

    [Fact]
    public void OneThatFailedIsTakenBack()
    {
        var failed = Ready(ToRehearse).WhenRecorded(Begun).State.WhenRecorded(Deaf);

        failed.Then(Deaf, new Event.RolledBack(Release(1), "kill-rehearsed: answered 200 still"));
        Assert.Equal(Outcome.RolledBack, failed.State.Releases[Release(1)].Outcome);
    }

    [Fact]
    public void WhereItIsOnlyObservedAFailureIsOnlyReported()
    {
        var observed = ToRehearse with { Passed = false, Standing = Standing.Observed };
        var failed = Ready(observed).WhenRecorded(Begun).State.WhenRecorded(Deaf);

        failed.Then(Deaf);
        failed.State.IsRecorded(Promoted(1));
    }

    [Fact]
    public void WhereNobodyAsksThereIsNone()
    {
        Ready(Passed).IsOvertaken(Begun, "no control asks");
        Ready(Passed).IsRecorded(Promoted(1));
    }

    [Fact]
    public void ItIsOnce()
    {
        var done = Ready(ToRehearse).WhenRecorded(Begun).State.WhenRecorded(Lifted).State.WhenRecorded(Stopped).State;

        done.IsOvertaken(Begun, "was rehearsed");
        done.IsOvertaken(Deaf, "is not being rehearsed");
    }
}

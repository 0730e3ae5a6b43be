using Mintmark.Releases;
using Xunit;
using static Mintmark.Tests.Releases.Bank;
using static Mintmark.Tests.Releases.Story;

namespace Mintmark.Tests.Releases;

public sealed class WhenAnInstanceIsRecorded
{
    private static readonly State Planned = Given([.. Starting(1, null), Plan(1, 20_001)]);
    private static readonly Event.InstanceStarted Started = new(Instance(1), 4711, 99);
    private static readonly Event.InstanceHealthChanged Up = new(Instance(1), true, "answers 200");
    private static readonly Event.InstanceHealthChanged Down = new(Instance(1), false, "answers 500");
    private static readonly Event.InstanceStopping Stopping = new(Instance(1), "retired");
    private static readonly Event.InstanceExited Exited = new(Instance(1), 0, "stopped");

    [Fact]
    public void ItHasTheNextNumber()
    {
        var state = Given(Starting(1, null));

        state.IsRecorded(Plan(1, 20_001));
        state.IsOvertaken(Plan(2, 20_001), "the next instance is i-1");
        After(Planned, Exited).IsOvertaken(Plan(1, 20_001), "the next instance is i-2");
    }

    [Fact]
    public void ItsPortIsItsOwnAsLongAsItMayRun()
    {
        Planned.IsOvertaken(Plan(2, 20_001), "port 20001 is taken");
        After(Planned, Exited).IsRecorded(Plan(2, 20_001));
    }

    [Fact]
    public void ItsVersionHasBeenBuilt()
    {
        Given(Building(1)).IsOvertaken(Plan(1, 20_001), "bank-1 has not been built");
        Given().IsOvertaken(Plan(1, 20_001), "bank-1 has not been built");
    }

    [Fact]
    public void ItStartsOnce()
    {
        Planned.IsRecorded(Started);
        After(Planned, Started).IsOvertaken(Started, "i-1 is Started");
        Assert.Equal(4711, After(Planned, Started).Instances[Instance(1)].Pid);
    }

    [Fact]
    public void HealthIsRecordedWhenItChanges()
    {
        Planned.IsOvertaken(Up, "i-1 is Planned");
        var started = After(Planned, Started);
        started.IsRecorded(Up);
        started.IsRecorded(Down);
        After(started, Up).IsOvertaken(Up);
        After(started, Up).IsRecorded(Down);
        After(started, Up, Down).IsOvertaken(Down);
        After(started, Up, Down).IsRecorded(Up);
        After(started, Up, Stopping).IsOvertaken(Up, "i-1 is Stopping");
    }

    [Fact]
    public void ItIsStoppedOnceFromWhereverItIs()
    {
        Event[][] lives =
        [
            [],
            [Started],
            [Started, Up],
            [Started, Down],
        ];
        foreach (var life in lives)
        {
            After(Planned, life).IsRecorded(Stopping);
            After(Planned, [.. life, Stopping]).IsOvertaken(Stopping, "i-1 is Stopping");
        }
    }

    [Fact]
    public void AnExitIsTheEnd()
    {
        var exited = After(Planned, Started, Up, Exited);

        Event[] late =
        [
            Started,
            Up,
            Stopping,
            Exited,
            new Event.InvariantsReported(Instance(1), null, [new("sum", null)]),
        ];
        foreach (var what in late)
            exited.IsOvertaken(what);
        Assert.Empty(exited.Running());
        Assert.Equal(0, exited.Instances[Instance(1)].ExitCode);
    }

    [Fact]
    public void OneThatNeverStartedMayHaveExited() => Planned.IsRecorded(Exited);

    [Fact]
    public void OneThatIsUnknownIsRefused() =>
        Given().IsOvertaken(new Event.InstanceExited(Instance(7), null, "gone"), "there is no i-7");

    private static Event.InstancePlanned Plan(int instance, int port) => new(Instance(instance), Mark(1), port);
}

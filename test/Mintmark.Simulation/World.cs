using Mintmark.Log;
using Mintmark.Releases;

namespace Mintmark.Simulation;

/// <summary>Everything outside of the control plane, which comes and goes in it. One seed makes one history.</summary>
internal sealed class World
{
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(100);

    [ThreadStatic]
    private static LogKey? key;

    private int downFor;

    public World(int seed, int unreliable, int gateways = 1)
    {
        Dice = new Random(seed);
        PeoplesDice = new Random(seed + 2);
        Unreliable = unreliable;
        Machine = new SimulatedMachine(Clock, mark => Fate.Of(State.Versions[mark]));
        Gateways =
        [
            .. Enumerable
                .Range(0, gateways)
                .Select(i => new SimulatedGateway(
                    i == 0 ? "gateway" : $"gateway-{i + 1}",
                    Machine,
                    new Random(seed + 1 + 1_000_003 * i),
                    Breaches
                )),
        ];
    }

    public Random Dice { get; }

    public Random PeoplesDice { get; }

    /// <summary>Per cent of tables and reports that are lost on their way.</summary>
    public int Unreliable { get; set; }

    public SimulatedClock Clock { get; } = new();
    public SimulatedDisk Disk { get; } = new();
    public SimulatedMachine Machine { get; }
    public IReadOnlyList<SimulatedGateway> Gateways { get; }
    public List<string> Breaches { get; } = [];
    public SimulatedControlPlane? ControlPlane { get; private set; }

    /// <summary>In a moment, to each service, through all gateways.</summary>
    public int Requests { get; set; } = 20;

    /// <summary>Size of the log, revisions of the tables and what was in force when it was checked last.</summary>
    public (long Size, long Revisions, long InForce) Checked { get; set; }
    public int Kills { get; private set; }

    /// <summary>As the control plane had it last.</summary>
    public State State { get; private set; } = State.Empty;

    private static LogKey Key()
    {
        if (key is not null)
            return key;
        var folder = Directory.CreateTempSubdirectory("mintmark-simulation-");
        key = LogKey.LoadOrCreate(Path.Combine(folder.FullName, "key.pem"));
        folder.Delete(recursive: true);
        return key;
    }

    public void Notice(string what) => Breaches.Add(what);

    /// <summary>The control plane dies now and is away for so many moments.</summary>
    public void Kill(int moments)
    {
        Kills++;
        ControlPlane = null;
        downFor = moments;
    }

    /// <summary>One moment: requests, then what the control plane makes of it.</summary>
    public void Pass()
    {
        Clock.Advance(Moment);
        foreach (var gateway in Gateways)
            gateway.Serve(Requests / Gateways.Count);
        Live(plane => plane.Round());
        Checks.EachMoment(this);
    }

    /// <summary>Something the control plane does; it may be killed over it.</summary>
    public void Live(Action<SimulatedControlPlane> what)
    {
        try
        {
            if (ControlPlane is null && downFor-- > 0)
                return;
            ControlPlane ??= new SimulatedControlPlane(this, Key());
            what(ControlPlane);
        }
        catch (KilledException)
        {
            Kill(Dice.Next(30));
        }
        catch (LogStorageException)
        {
            // Told to whoever asked: the disk is full.
        }
        if (ControlPlane is not null)
            State = ControlPlane.Journal.State;
    }
}

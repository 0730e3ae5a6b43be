using Mintmark.Releases;

namespace Mintmark.Tests.Run;

/// <summary>A state told as events, each some time after the one before.</summary>
sealed class Story
{
    static readonly Actor Teller = new("alice");

    public static readonly ServiceName Bank = new("bank");

    public State State { get; private set; } = State.Empty;

    public DateTimeOffset Now { get; private set; } = new(2026, 1, 5, 9, 0, 0, TimeSpan.Zero);

    public static Mark Version(int number) => new(Bank, number);

    public static InstanceId Id(int number) => new(number);

    /// <summary>How many of each version run.</summary>
    public int? Instances { get; init; }

    public static Manifest Manifest(string run = "serve", int? instances = null) =>
        new(
            Bank,
            "consumer-banking",
            new BuildPlan("make", 60),
            new SuitePlan("make smoke", "smoke.xml", 60),
            new SuitePlan("make full", "full.xml", 60),
            new RunPlan(run, 256 << 20, 512, Instances: instances),
            new HealthPlan("/health", 20),
            null,
            [],
            new RolloutPlan([new StepPlan(new Share(500), 100)], 0.001m, 2m, 60)
        );

    public static Source Source { get; } = new("/repo", "c0ffee", "7ea", "alice", "a feature");

    public Story And(params ReadOnlySpan<Event> events)
    {
        foreach (var what in events)
            State = Fold.Apply(State, new Entry(Now, Teller, what));
        return this;
    }

    public Story Later(double seconds)
    {
        Now += TimeSpan.FromSeconds(seconds);
        return this;
    }

    /// <summary>A release of the bank's next version, up to where it may start its candidate.</summary>
    public Story Released()
    {
        var release = State.NextRelease();
        var mark = Version((State.Find(Bank)?.Builds ?? 0) + 1);
        return And(
            new Event.ShipRequested(release, mark, Source, Manifest(instances: Instances), "why not"),
            new Event.VersionBuilt(release, new Artifact("sha256:0", 1, [], Now)),
            new Event.GateDecided(release, []),
            new Event.ReleaseAdmitted(release, State.Find(Bank)?.Serving)
        );
    }

    public Story Planned(int version) =>
        And(new Event.InstancePlanned(State.NextInstance(), Version(version), 20_000 + State.Instances.Count));

    /// <summary>Instance n has process 100n, started at tick 1000n.</summary>
    public Story Started(int version)
    {
        var id = State.NextInstance();
        return Planned(version).And(new Event.InstanceStarted(id, 100 * id.Number, 1000 * id.Number));
    }

    public Story Healthy(int version)
    {
        var id = State.NextInstance();
        return Started(version).And(new Event.InstanceHealthChanged(id, true, "answers 200"));
    }

    public Story Promoted(int release) => And(new Event.Promoted(new ReleaseId(release)));

    public Story GuardEnded(int release) => And(new Event.GuardEnded(new ReleaseId(release)));

    public Story RolledBack(int release) => And(new Event.RolledBack(new ReleaseId(release), "worse"));

    public Story Stopping(int instance, string reason = "no longer needed") =>
        And(new Event.InstanceStopping(Id(instance), reason));

    public Story Exited(int instance, string reason = "exited with 1") =>
        And(new Event.InstanceExited(Id(instance), 1, reason));
}

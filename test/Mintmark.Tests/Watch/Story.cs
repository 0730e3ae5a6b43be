using Mintmark.Journal;
using Mintmark.Log;
using Mintmark.Releases;
using Mintmark.Tests.Journal;
using Mintmark.Tests.Log;
using Xunit;

namespace Mintmark.Tests.Watch;

/// <summary>Given: what has happened so far, as commands that the rules accept, at the test's times.</summary>
internal sealed class Story : IDisposable
{
    public static readonly ServiceName Bank = new("bank");
    public static readonly Actor Alice = new("alice");
    private const string Digest = "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";

    public static readonly BuildEvidence Evidence = new([], 12, ["go: go.mod"], Secrets: SecretsSummary.None);

    private readonly LogFolder? _folder;
    private State _state = State.Empty;

    private Story(LogFolder? folder, FullDisk? disk = null)
    {
        _folder = folder;
        if (folder is null)
            return;
        ILogStorage storage = SqliteStorage.Open(folder.Database);
        Journal = ReleaseJournal.Open(
            disk?.Over(storage) ?? storage,
            folder.Key,
            LogFolder.Origin,
            Clock,
            giveUp: disk is null ? null : disk.GiveUp
        );
    }

    public HandClock Clock { get; } = new();

    public ReleaseJournal? Journal { get; }

    public State State => Journal?.State ?? _state;

    public DateTimeOffset Now => Clock.Now;

    /// <summary>The newest release that has not ended.</summary>
    public Release Release => State.Open(Bank).Last();

    public Mark Candidate => Release.Mark;

    public static Manifest Declared { get; } =
        new(
            Bank,
            "consumer-banking",
            new("make", 60),
            new("make smoke", "smoke.trx", 60),
            new("make full", "full.trx", 60),
            new("./bank", 512 << 20, 1024),
            new("/health", 30),
            "/invariants",
            [],
            new([Step(500, 200), Step(2_500, 1_000), Step(5_000, 2_000)], 0.001m, 2m, 600)
        );

    public static Story InMemory() => new(null);

    public static Story InAJournal(FullDisk? disk = null) => new(new LogFolder(), disk);

    public Story After(double seconds)
    {
        Clock.Now = Clock.Now.AddSeconds(seconds);
        return this;
    }

    public Story Do(Command command)
    {
        var decision = Journal is null
            ? Decider.Decide(_state, command, Alice)
            : Journal.ExecuteAsync(command, Alice, CancellationToken.None).GetAwaiter().GetResult();
        var accepted = Assert.IsType<Decision.Accepted>(decision);
        if (Journal is null)
            _state = accepted.Events.Aggregate(_state, (s, e) => Fold.Apply(s, new Entry(Now, Alice, e)));
        return this;
    }

    public Story Then(params ReadOnlySpan<Event> events)
    {
        foreach (var happened in events)
            Do(new Command.Record(happened));
        return this;
    }

    public Story Shipped(Manifest? manifest = null)
    {
        var commit = new Source("/srv/bank", new string('c', 40), new string('e', 40), "alice", "a change");
        return Do(new Command.Ship(commit, manifest ?? Declared, "it is time"));
    }

    public Story Built() =>
        Then(
            new Event.SuiteFinished(Release.Id, new("smoke", 3, 0, 0, [], Digest, 10)),
            new Event.SuiteFinished(Release.Id, new("full", 40, 0, 2, [], Digest, 900)),
            new Event.VersionBuilt(Release.Id, new(Digest, 1_024, [], Now, Evidence))
        );

    public Story Gated() => Then(new Event.GateDecided(Release.Id, []));

    public Story Admitted() => Then(new Event.ReleaseAdmitted(Release.Id, State.Services[Bank].Serving));

    public Story Started() => Started(Candidate);

    public Story Started(Mark mark)
    {
        var instance = State.NextInstance();
        Then(new Event.InstancePlanned(instance, mark, 20_000 + instance.Number));
        return Then(new Event.InstanceStarted(instance, 100 + instance.Number, 1));
    }

    public Story Healthy() => Then(new Event.InstanceHealthChanged(Newest(Candidate).Id, true, "answers 200"));

    public Story Exited(int number) =>
        Then(new Event.InstanceExited(new InstanceId(number), null, "its process is gone"));

    public Story Exited(Mark mark, int code) =>
        Then(new Event.InstanceExited(Newest(mark).Id, code, "killed by a signal"));

    /// <summary>A new version waits beside the one that serves; the first of all waits alone.</summary>
    public Story Waiting(Manifest? manifest = null) => Shipped(manifest).Built().Gated();

    public Story Starting(Manifest? manifest = null) => Waiting(manifest).Admitted().Started();

    public Story Ramping(Manifest? manifest = null) => Starting(manifest).Healthy().SteppedUp();

    /// <param name="usual">Rates of the baseline before the step; none where it is left out.</param>
    public Story SteppedUp(ByName<decimal>? usual = null)
    {
        var share = State.Plan(Release).ShareOf(Release.Steps.Count)!.Value;
        return Then(new Event.StepTaken(Release.Id, Release.Steps.Count, share, Slow, usual ?? ByName<decimal>.Empty));
    }

    public Story GoodEnough() =>
        Then(new Event.VerdictReached(Release.Id, Release.CurrentStep, Verdict.GoodEnough, "fine", 0m));

    public Story Guarding(Manifest? manifest = null)
    {
        Ramping(manifest).GoodEnough();
        while (Release.Steps.Count < State.Versions[Candidate].Manifest.Rollout.Steps.Count)
            SteppedUp().GoodEnough();
        return State.Plan(Release).GuardShare() is null ? Then(new Event.Promoted(Release.Id)) : SteppedUp();
    }

    /// <summary>bank-1 is in service and good.</summary>
    public Story Serving(Manifest? manifest = null)
    {
        Starting(manifest).Healthy().Then(new Event.Promoted(Release.Id)).After(600);
        return Then(new Event.GuardEnded(Release.Id)).After(60);
    }

    public Story Counted(ArmTally baseline, ArmTally candidate, string gateway = "g-1") =>
        Then(new Event.OutcomesReported(Release.Id, Release.CurrentStep, gateway, 1, baseline, candidate));

    public Story Reported(Mark mark, string? broken = null) =>
        Then(new Event.InvariantsReported(Newest(mark).Id, Release.CurrentStep, [new("postings-sum-to-zero", broken)]));

    public Instance Newest(Mark mark) => State.Instances.Values.Last(i => i.Mark == mark);

    public static Mark Mark(int number) => new(Bank, number);

    private static readonly ByName<long> Slow = ByName.Of<long>(("slow-p99", 9_000));

    public static StepPlan Step(int basisPoints, int requests) => new(new Share(basisPoints), requests);

    public void Dispose()
    {
        Journal?.Dispose();
        _folder?.Dispose();
    }
}

/// <summary>Time passes when the test says so.</summary>
internal sealed class HandClock : TimeProvider
{
    public DateTimeOffset Now { get; set; } = new(2026, 3, 2, 9, 0, 0, TimeSpan.Zero);

    private TimeSpan wrong;

    /// <summary>Somebody sets it, which makes no time pass.</summary>
    public void SetWrong(TimeSpan by)
    {
        wrong += by;
        Now += by;
    }

    public override DateTimeOffset GetUtcNow() => Now;

    public override long GetTimestamp() => (Now - wrong).Ticks;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;
}

using Mintmark.Journal;
using Mintmark.Log;
using Mintmark.Releases;
using Mintmark.Run;
using Xunit;

namespace Mintmark.Tests.Run;

/// <summary>A journal, a runtime and a reconciler on one home; may be thrown away and built anew at any time.</summary>
sealed class ControlPlane : IDisposable
{
    static readonly Actor Alice = new("alice");

    /// <summary>Answers 200 until a file named sick is in the data folder.</summary>
    const string Responder = """
        use IO::Socket::INET;
        my $s = IO::Socket::INET->new(LocalAddr => '127.0.0.1', LocalPort => $ENV{PORT}, Listen => 9, ReuseAddr => 1)
            or die "cannot listen: $!";
        while (my $c = $s->accept) {
            while (my $line = <$c>) { last if $line =~ /^\r?$/ }
            my $status = -e "$ENV{MINTMARK_DATA}/sick" ? "503 Sick" : "200 OK";
            print $c "HTTP/1.1 $status\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
            close $c;
        }
        """;

    public const string Serve = "exec perl serve.pl";

    readonly LogKey key = LogKey.Create();
    readonly HttpHealthProbe probe = new(TimeProvider.System);
    ReleaseJournal? journal;
    RunReconciler? reconciler;

    public ControlPlane() => Home.Serve("serve.pl", Responder);

    public TestHome Home { get; } = new();

    public SkippingClock Clock { get; } = new();

    public Drain Gateways { get; } = new();

    public List<string> Notices { get; } = [];

    public Func<Mark, CancellationToken, Task<string>>? Artifact { get; set; }

    public Func<Mark, string, CancellationToken, Task<string>>? Look { get; set; }

    public ReleaseJournal Journal =>
        journal ??= ReleaseJournal.Open(SqliteStorage.Open(Home.In("log.db")), key, "mintmark.test/log", Clock);

    public State State => Journal.State;

    RunReconciler Reconciler =>
        reconciler ??= new RunReconciler(
            Journal,
            Home.Runtime,
            probe,
            Gateways,
            Artifact ?? ((_, _) => Task.FromResult(Home.Artifact)),
            Clock,
            Notices.Add,
            Look
        );

    /// <summary>What SIGKILL leaves: the log, and the instances.</summary>
    public void Crash()
    {
        Journal.Dispose();
        (journal, reconciler) = (null, null);
        Home.Replace();
    }

    public Instance Instance(int number) => State.Instances[new InstanceId(number)];

    public async Task RecordAsync(Event what) =>
        Assert.IsType<Decision.Accepted>(await Journal.ExecuteAsync(new Command.Record(what), Alice, default));

    /// <summary>Ships a version with this run command, up to where its candidate may start.</summary>
    public async Task ReleaseAsync(string run, long memory = 256 << 20, int? instances = null)
    {
        var plain = Story.Manifest();
        var manifest = plain with { Run = new RunPlan(run, memory, 512, Instances: instances) };
        var id = State.NextRelease();
        var ship = new Command.Ship(Story.Source, manifest, "why not");
        Assert.IsType<Decision.Accepted>(await Journal.ExecuteAsync(ship, Alice, default));
        await RecordAsync(new Event.VersionBuilt(id, new Artifact("sha256:0", 1, [], Clock.GetUtcNow())));
        await RecordAsync(new Event.GateDecided(id, []));
        await RecordAsync(new Event.ReleaseAdmitted(id, State.Find(manifest.Name)!.Serving));
    }

    /// <summary>A first version that serves, out of its guard.</summary>
    public async Task ServingAsync(string run = Serve, long memory = 256 << 20)
    {
        await ReleaseAsync(run, memory);
        await HealthyAsync(1);
        await RecordAsync(new Event.Promoted(new ReleaseId(1)));
        await RecordAsync(new Event.GuardEnded(new ReleaseId(1)));
    }

    public Task HealthyAsync(int instance) => PhaseAsync(instance, InstancePhase.Healthy);

    public Task PhaseAsync(int instance, InstancePhase phase) =>
        UntilAsync(
            () => State.Instances.GetValueOrDefault(new InstanceId(instance))?.Phase == phase,
            $"i-{instance} is {phase}"
        );

    public Task RoundAsync() => Reconciler.ReconcileAsync(default);

    /// <summary>Rounds until it holds.</summary>
    public Task UntilAsync(Func<bool> condition, string what) =>
        Eventually.HoldsAsync(
            async () =>
            {
                await RoundAsync();
                return condition();
            },
            () => $"{what}; {string.Join("; ", State.Instances.Values)}"
        );

    public void Dispose()
    {
        Journal.Dispose();
        Home.Dispose();
        probe.Dispose();
        key.Dispose();
    }

    public sealed class Drain : IDrain
    {
        public bool LetGo { get; set; } = true;

        public bool IsDrained(InstanceId id, DateTimeOffset since) => LetGo;
    }
}

/// <summary>The real clock, ahead by as much as the test skips.</summary>
sealed class SkippingClock : TimeProvider
{
    TimeSpan ahead;

    public void Skip(double seconds) => ahead += TimeSpan.FromSeconds(seconds);

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + ahead;
}

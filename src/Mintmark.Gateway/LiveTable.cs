using System.Collections.Frozen;
using System.Collections.Immutable;
using Mintmark.Gateway.Plain;
using Mintmark.Gateway.Shadows;
using Mintmark.Gateway.Surges;
using Mintmark.Releases;
using Mintmark.Route;
using Mintmark.Watch;

namespace Mintmark.Gateway;

/// <summary>
/// A route table in force: immutable itself, while counts, latencies and requests in flight live on from the table
/// before it.
/// </summary>
sealed record LiveTable(
    long Revision,
    string? Halted,
    FrozenDictionary<string, LiveRoute> Services,
    ImmutableDictionary<InstanceId, LiveTarget> Targets,
    ImmutableList<LiveTarget> Dropped,
    ImmutableDictionary<Mark, LiveVersion> Versions,
    FrozenDictionary<string, LiveRoute> Hosts
)
{
    /// <summary>
    /// Steps remembered for each service: the one in force and those whose counts may still be on their way.
    /// </summary>
    private const int StepsKept = 5;

    /// <summary>Name of the gateway whose it is, among those of the home; null for the first.</summary>
    public string? Gateway { get; init; }

    public static readonly LiveTable None = new(
        0,
        null,
        FrozenDictionary<string, LiveRoute>.Empty,
        ImmutableDictionary<InstanceId, LiveTarget>.Empty,
        [],
        ImmutableDictionary<Mark, LiveVersion>.Empty,
        FrozenDictionary<string, LiveRoute>.Empty
    );

    /// <summary>Why nothing may go to a service; null where it may, or is not known.</summary>
    public string? HaltOf(ServiceName service) => Halted ?? Services.GetValueOrDefault(service.Value)?.Halted;

    public IEnumerable<LiveStep> Steps => Services.Values.SelectMany(s => s.Steps);

    /// <summary>For a table of another log: what was counted is of other releases, though of the same names.</summary>
    public LiveTable WithoutSteps() =>
        this with
        {
            Services = Services.ToFrozenDictionary(
                s => s.Key,
                s => s.Value with { Steps = [] },
                StringComparer.OrdinalIgnoreCase
            ),
        };

    public LiveTable Next(RouteTable declared, TimeProvider time)
    {
        var arms = declared.Services.SelectMany(Arms).ToList();
        var targets = arms.SelectMany(arm => arm.Targets.Select(target => Keep(arm, target, time)))
            .DistinctBy(t => t.Instance)
            .ToImmutableDictionary(t => t.Instance);
        var versions = arms.DistinctBy(arm => arm.Mark)
            .ToImmutableDictionary(
                arm => arm.Mark,
                arm => Versions.GetValueOrDefault(arm.Mark) ?? new LiveVersion(arm.Mark, arm.Signals ?? [])
            );

        LiveArm Live(Arm arm) =>
            new(
                arm.Mark,
                [.. arm.Targets.Select(t => targets[t.Instance])],
                versions[arm.Mark],
                TimeLimits.Of(arm.Timeouts),
                arm.Protocol == Protocol.H2c
            )
            {
                Gateway = Gateway,
            };

        // Who leaves now may still gain a request until it is retired; who left before can only lose some.
        var leaving = Targets.Values.Where(t => targets.GetValueOrDefault(t.Instance) != t);
        var left = Dropped.Where(t => t.InFlight > 0 && targets.GetValueOrDefault(t.Instance) != t);

        var services = declared.Services.ToFrozenDictionary(
            s => s.Service.Value,
            s => Next(s, Live, time),
            StringComparer.OrdinalIgnoreCase
        );
        return new LiveTable(
            declared.Revision,
            declared.Halted,
            services,
            targets,
            [.. left, .. leaving],
            versions,
            declared
                .Services.SelectMany(s => (s.Hosts ?? []).Select(host => (host, s.Service.Value)))
                .ToFrozenDictionary(h => h.host, h => services[h.Value], StringComparer.OrdinalIgnoreCase)
        )
        {
            Gateway = Gateway,
        };
    }

    private static IEnumerable<Arm> Arms(ServiceRoute route)
    {
        if (route.Baseline is { } baseline)
            yield return baseline;
        if (route.Comparison is { } comparison)
            yield return comparison.Candidate;
        if (route.Shadow is { } shadow)
            yield return shadow.Candidate;
        if (route.Rehearsal is { } rehearsal)
            yield return rehearsal.Candidate;
    }

    private LiveTarget Keep(Arm arm, Target declared, TimeProvider time) =>
        Targets.GetValueOrDefault(declared.Instance) is { } known && known.Is(arm.Mark, declared) ? known
        : Dropped.FirstOrDefault(t => t.Is(arm.Mark, declared)) is { } back ? back
        : new LiveTarget(arm.Mark, declared, arm.OnHalt ?? InFlight.Drain, time.TimestampFrequency);

    private static void Prepare(Comparison compared) =>
        Judge.Prepare([.. compared.Past.Select(p => p.Share), compared.Share], compared.Rollout, compared.Signals);

    private LiveRoute Next(ServiceRoute declared, Func<Arm, LiveArm> live, TimeProvider time)
    {
        var before = Services.GetValueOrDefault(declared.Service.Value);
        var steps = before?.Steps ?? [];
        var baseline = declared.Baseline is { } serving ? live(serving) : null;
        LiveComparison? comparison = null;
        if (declared.Comparison is { } compared)
        {
            var release = steps.Select(s => s.Release).FirstOrDefault(r => r.Id == compared.Release);
            var step = steps.FirstOrDefault(s => s.Is(compared));
            if (step is null)
            {
                step = new LiveStep(release ?? Fresh(compared), compared.Step);
                // Not waited for: a bad answer that comes sooner waits for it, and nothing else does.
                ThreadPool.QueueUserWorkItem(_ => Prepare(compared));
            }
            steps = steps.Remove(step).Add(step);
            comparison = new LiveComparison(compared, live(compared.Candidate), step, baseline);
        }
        return new LiveRoute(
            declared.Service,
            declared.Halted,
            baseline,
            comparison,
            steps.RemoveRange(0, Math.Max(0, steps.Count - StepsKept)),
            Surge.Next(before?.Surge, declared.Surge, time),
            before?.Retries ?? new RetryBudget(),
            declared.Shadow is { } shadow
                ? LiveShadow.Next(before?.Shadow, declared.Service, shadow, live(shadow.Candidate))
                : null,
            declared.Rehearsal is { } rehearsal ? new LiveRehearsal(live(rehearsal.Candidate), rehearsal.Halted) : null
        );
    }

    /// <summary>A candidate that is beyond its first step has been in use for long enough.</summary>
    private static LiveRelease Fresh(Comparison compared) =>
        new(
            compared.Release,
            Indicators.Of(compared.Signals),
            warmUp: compared.Step > 0 ? 0 : 1_000L * (compared.Rollout.WarmUpSeconds ?? 0)
        );
}

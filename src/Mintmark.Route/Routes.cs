using Mintmark.Releases;

namespace Mintmark.Route;

/// <summary>Where a traffic split is decided: state to route table. Pure.</summary>
public static class Routes
{
    public static RouteTable From(State state)
    {
        var given = new HashSet<string>();
        return new(
            state.Size,
            Reason(state.Halted),
            [
                .. state.Services.Values.Select(service =>
                    From(state, service) with
                    {
                        Hosts = Hosts(state, service, given),
                    }
                ),
            ]
        );
    }

    private static IReadOnlyList<string>? Hosts(State state, Service service, HashSet<string> given)
    {
        var hosts = HostRules.Of(state, service).Where(given.Add).ToList();
        return hosts.Count > 0 ? hosts : null;
    }

    /// <summary>Whether two tables send every request the same way, whatever their revisions.</summary>
    public static bool Same(RouteTable a, RouteTable b) =>
        RouteWire.ToJson(a with { Revision = 0 }).AsSpan().SequenceEqual(RouteWire.ToJson(b with { Revision = 0 }));

    private static ServiceRoute From(State state, Service service)
    {
        var live = state.Live(service.Name);
        var compared = live is not null && (live.Phase == Phase.Ramping || IsHeldBack(state, live)) ? live : null;
        // Also in guard it is the old version that takes over what the new one cannot answer, or is found worse at.
        var baseline = compared is null ? service.Serving : compared.Baseline;
        return new(
            service.Name,
            Reason(service.Halted),
            baseline is { } mark ? ArmOf(state, mark) : null,
            compared is null ? null : Compare(state, compared),
            service.Serving is { } declaring ? state.Versions[declaring].Manifest.Surge : null,
            live is not null && state.ShadowOf(live) is { } plan ? new(live.Id, ArmOf(state, live.Mark), plan) : null,
            live is not null && IsRehearsed(live) ? Rehearse(state, live) : null
        );
    }

    private static bool IsRehearsed(Release release) =>
        release is { Phase: Phase.Starting, Rehearsal: null or { Ended: null } } && Trials.IsRehearsed(release);

    private static Rehearsing Rehearse(State state, Release release) =>
        new(
            release.Id,
            ArmOf(state, release.Mark),
            release.Rehearsal is { Halts: true } ? $"{release.Id} rehearses the halt of {release.Mark}" : null
        );

    /// <summary>
    /// While the old version of a release in guard is up. Without it there is nothing to hold back to, and all goes to
    /// the new one.
    /// </summary>
    private static bool IsHeldBack(State state, Release release) =>
        state.GuardStep(release) is not null
        && release.Baseline is { } old
        && state.Running(old).Any(i => i.Phase == InstancePhase.Healthy);

    private static Comparison Compare(State state, Release release)
    {
        var step = release.Steps[^1];
        return new Comparison(
            release.Id,
            step.Step,
            step.Share,
            ArmOf(state, release.Mark),
            step.Thresholds,
            step.PastRates,
            Indicators.Signals(state, release),
            state.Versions[release.Mark].Manifest.Rollout,
            [.. release.Steps.Take(step.Step).Select(s => s.Total())],
            state.IsProbed(release)
        );
    }

    private static Arm ArmOf(State state, Mark mark)
    {
        var manifest = state.Versions[mark].Manifest;
        return new(
            mark,
            [.. state.Running(mark).Where(i => i.Phase == InstancePhase.Healthy).Select(i => new Target(i.Id, i.Port))],
            manifest.Signals,
            manifest.Timeouts,
            manifest.OnHalt,
            manifest.Run.Protocol
        );
    }

    private static string? Reason(Hold? halt) => halt?.Reason;
}

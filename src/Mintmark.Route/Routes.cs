using Mintmark.Releases;

namespace Mintmark.Route;

/// <summary>Where a traffic split is decided: state to route table. Pure.</summary>
public static class Routes
{
    public static RouteTable From(State state) =>
        new(state.Size, Reason(state.Halted), [.. state.Services.Values.Select(service => From(state, service))]);

    /// <summary>Whether two tables send every request the same way, whatever their revisions.</summary>
    public static bool Same(RouteTable a, RouteTable b) =>
        RouteWire.ToJson(a with { Revision = 0 }).AsSpan().SequenceEqual(RouteWire.ToJson(b with { Revision = 0 }));

    private static ServiceRoute From(State state, Service service) =>
        new(
            service.Name,
            Reason(service.Halted),
            service.Serving is { } serving ? ArmOf(state, serving) : null,
            state.Live(service.Name) is { Phase: Phase.Ramping } release ? Compare(state, release) : null
        );

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
            [.. release.Steps.Take(step.Step).Select(s => s.Total())]
        );
    }

    private static Arm ArmOf(State state, Mark mark) =>
        new(
            mark,
            [.. state.Running(mark).Where(i => i.Phase == InstancePhase.Healthy).Select(i => new Target(i.Id, i.Port))],
            state.Versions[mark].Manifest.Signals
        );

    private static string? Reason(Hold? halt) => halt?.Reason;
}

using System.Reflection;
using Mintmark.Build;
using Mintmark.Journal;
using Mintmark.Releases;
using Mintmark.Route;
using Mintmark.Ship;
using Mintmark.Watch;

namespace Mintmark.Server;

/// <summary>Answers made from the state and what is known beside it.</summary>
internal sealed class Views(
    ReleaseJournal journal,
    Gateways gateways,
    Builder builder,
    Troubles troubles,
    ControlPlaneOptions options,
    WatchReconciler watch,
    Authors authors,
    Gating gating,
    TimeProvider clock
)
{
    public static readonly string ProductVersion =
        typeof(Views).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "?";

    public async Task<StatusAnswer> StatusAsync(CancellationToken ct)
    {
        var clients = await gateways.ClientsAsync(ct);
        var all = await gateways.StatusAsync(ct);
        var (state, root) = journal.Now;
        return new StatusAnswer(
            ProductVersion,
            state.Size,
            root.ToString(),
            all[0],
            state.Halted,
            state.Frozen,
            [.. state.Services.Values.Select(service => Of(state, service, clients))],
            troubles.Present,
            all
        );
    }

    public IReadOnlyList<ReleaseAnswer> Releases(ServiceName? service, int limit)
    {
        var state = journal.State;
        return
        [
            .. state
                .Releases.Values.Reverse()
                .Where(r => service is null || r.Service == service)
                .Take(limit)
                .Select(r => Of(state, r)),
        ];
    }

    public async Task<ReleaseAnswer?> ReleaseAsync(ReleaseId id, CancellationToken ct)
    {
        var clients = await gateways.ClientsAsync(ct);
        var state = journal.State;
        if (!state.Releases.TryGetValue(id, out var release))
            return null;
        return Of(state, release) with
        {
            Clients = [.. clients.Where(c => c.Mark == release.Mark || c.Mark == release.Baseline)],
        };
    }

    /// <summary>Why a candidate on the ramp is worse at this moment; null where it is not.</summary>
    public string? Worse(ReleaseId id)
    {
        var state = journal.State;
        return
            state.Releases.GetValueOrDefault(id) is { Phase: Phase.Ramping } release
            && watch.Explain(state, release) is { Verdict: Verdict.Worse } worse
            ? worse.Reason
            : null;
    }

    private ServiceStatus Of(State state, Service service, IReadOnlyList<ClientsReport> clients) =>
        new(
            service.Name,
            service.Serving,
            service.Halted,
            service.Frozen,
            service.Good,
            [.. state.Running().Where(i => i.Mark.Service == service.Name)],
            [.. state.Open(service.Name).Select(r => Of(state, r))],
            $"http://{service.Name}.localhost:{options.Addresses.Gateway.Port}/",
            [.. clients.Where(c => c.Mark.Service == service.Name)],
            service.Emergencies.IsEmpty ? null : service.Emergencies,
            service.Enforced.IsEmpty ? null : [.. service.Enforced.Keys],
            service.Observed.IsEmpty ? null : Relaxed(service, clock.GetUtcNow()),
            gating.ComingTo(state, service.Name)
        );

    private static IReadOnlyList<RelaxedControl> Relaxed(Service service, DateTimeOffset now) =>
        [
            .. service
                .Observed.Where(o => now < o.Value.Until)
                .Select(o => new RelaxedControl(o.Key, o.Value.Until, o.Value.By, o.Value.Reason)),
        ];

    private ReleaseAnswer Of(State state, Release release)
    {
        var version = state.Versions[release.Mark];
        var evidence =
            release.Steps.Count > 0
                ? Judge.Weigh(
                    [.. release.Steps.Select(s => s.Total())],
                    version.Manifest.Rollout,
                    Indicators.Signals(state, release)
                )
                : null;
        var log = options.Home.Build(version.BuiltBy);
        return new ReleaseAnswer(
            state.Size,
            release,
            authors.Reveal(version),
            Explain(state, release),
            evidence?.LogWorse,
            evidence?.Threshold,
            [.. state.Running(release.Mark)],
            Directory.Exists(log) ? log : null,
            LastLines(release),
            Outlook.Of(state, release, clock.GetUtcNow())
        );
    }

    private string Explain(State state, Release release) =>
        Progress.Explain(state, release, clock.GetUtcNow(), r => watch.Explain(state, r).Reason, Verdicts.Against);

    /// <summary>Of the stage at which the build ended badly.</summary>
    private IReadOnlyList<string> LastLines(Release release)
    {
        if (release.Kind != ReleaseKind.Ship || release.Outcome is not (Outcome.Failed or Outcome.Refused))
            return [];
        return Enum.GetValues<BuildStage>()
                .Reverse()
                .Select(stage => builder.LastLines(release.Id, stage))
                .FirstOrDefault(l => l.Count > 0)
            ?? [];
    }
}

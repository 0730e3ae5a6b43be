using Mintmark.Journal;
using Mintmark.Releases;
using Mintmark.Yaml;

namespace Mintmark.Gate;

/// <summary>
/// Turns the freeze windows of a service's profile into freezes, and lifts them when they are over. What a person froze
/// stays frozen.
/// </summary>
public sealed class FreezeReconciler(ReleaseJournal journal, ProfilePlace profiles, TimeProvider clock) : IReconciler
{
    /// <summary>Who freezes and thaws by the clock.</summary>
    public static readonly Actor By = new("mintmark/gate");

    public string Name => "freezes";

    public TimeSpan Period { get; } = TimeSpan.FromSeconds(5);

    /// <exception cref="DeclaredException">What a team laid over a profile is damaged: its services stay as they
    /// are.</exception>
    public async Task ReconcileAsync(CancellationToken ct)
    {
        var state = journal.State;
        var now = clock.GetUtcNow();
        DeclaredException? damaged = null;
        foreach (var service in state.Services.Values)
        {
            try
            {
                if (Plan(state, service, Windows(profiles, state, service.Name, now), now) is { } move)
                    await journal.ExecuteAsync(move, By, ct);
            }
            catch (DeclaredException wrong)
            {
                damaged = wrong;
            }
        }
        if (damaged is not null)
            throw damaged;
    }

    /// <summary>What is to be done now; null for nothing.</summary>
    public static Command? Plan(State state, Service service, IReadOnlyList<FreezeWindow> windows, DateTimeOffset now)
    {
        var holding = windows.Where(w => w.Holds(now)).ToList();
        return service.Frozen switch
        {
            null when holding.Count > 0 => new Command.Freeze(
                service.Name,
                $"freeze window {string.Join(", ", holding)} of {ProfileOf(state, service.Name)}"
            ),
            { By: var by } when by == By && holding.Count == 0 => new Command.Thaw(
                service.Name,
                "the freeze window is over"
            ),
            _ => null,
        };
    }

    /// <summary>The windows that a service is held by.</summary>
    /// <exception cref="DeclaredException">What a team laid over its profile is damaged.</exception>
    public static IReadOnlyList<FreezeWindow> Windows(
        ProfilePlace profiles,
        State state,
        ServiceName service,
        DateTimeOffset now
    ) => ProfileOf(state, service) is { } profile ? profiles.PolicyOf(profile, state, null, now).Freezes : [];

    /// <summary>Of its newest version; null where it has none.</summary>
    public static string? ProfileOf(State state, ServiceName service) =>
        state.Find(service) is { Builds: > 0 and var builds }
        && state.Versions.TryGetValue(new Mark(service, builds), out var newest)
            ? newest.Manifest.Profile
            : null;
}

using Mintmark.Journal;
using Mintmark.Releases;
using Mintmark.Yaml;

namespace Mintmark.Gate;

/// <summary>
/// Turns the freeze windows of a service's profiles into freezes, and lifts them when they are over. What a person froze
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
                if (Plan(service, Windows(profiles, state, service.Name, now), now) is { } move)
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
    public static Command? Plan(Service service, IReadOnlyList<ProfileWindow> windows, DateTimeOffset now)
    {
        var holding = windows.Where(w => w.Window.Holds(now)).ToList();
        return service.Frozen switch
        {
            null when holding.Count > 0 => new Command.Freeze(service.Name, Reason(holding)),
            { By: var by } when by == By && holding.Count == 0 => new Command.Thaw(
                service.Name,
                "the freeze window is over"
            ),
            _ => null,
        };
    }

    /// <summary>The windows that a service is held by.</summary>
    /// <exception cref="DeclaredException">What a team laid over its profile is damaged.</exception>
    public static IReadOnlyList<ProfileWindow> Windows(
        ProfilePlace profiles,
        State state,
        ServiceName service,
        DateTimeOffset now
    ) =>
        [
            .. from profile in ProfilesOf(state, service)
            from window in profiles.PolicyOf(profile, state, null, now).Freezes
            select new ProfileWindow(profile, window),
        ];

    /// <summary>
    /// Of the version that serves, which no version that names another one can take it out of, and of the newest.
    /// </summary>
    private static IEnumerable<string> ProfilesOf(State state, ServiceName name) =>
        state.Find(name) is { } service
            ? new[] { service.Serving, new Mark(name, service.Builds) }
                .OfType<Mark>()
                .Select(mark => state.Versions.GetValueOrDefault(mark)?.Manifest.Profile)
                .OfType<string>()
                .Distinct()
            : [];

    private static string Reason(IReadOnlyList<ProfileWindow> holding)
    {
        var named = holding
            .GroupBy(w => w.Profile)
            .Select(of => $"{string.Join(", ", of.Select(w => w.Window))} of {of.Key}");
        return $"freeze window {string.Join(", ", named)}";
    }
}

/// <summary>A window, and the profile that it is one of.</summary>
public sealed record ProfileWindow(string Profile, FreezeWindow Window);

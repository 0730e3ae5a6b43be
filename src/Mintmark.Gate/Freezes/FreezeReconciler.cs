using Mintmark.Journal;
using Mintmark.Releases;
using Mintmark.Yaml;

namespace Mintmark.Gate;

/// <summary>
/// Turns the freeze windows of a service's profiles into freezes, and lifts them when they are over. What a person
/// froze stays frozen.
/// </summary>
public sealed class FreezeReconciler(ReleaseJournal journal, ProfilePlace profiles, TimeProvider clock) : IReconciler
{
    /// <summary>Who freezes and thaws by the clock.</summary>
    public static readonly Actor By = new("mintmark/gate");

    private const string Unread = "its freeze windows cannot be read: mint status says why";

    public string Name => "freezes";

    public TimeSpan Period { get; } = TimeSpan.FromSeconds(5);

    /// <exception cref="DeclaredException">What a team laid over a profile is damaged: while nobody knows its windows
    /// its services are frozen.</exception>
    public async Task ReconcileAsync(CancellationToken ct)
    {
        var state = journal.State;
        var now = clock.GetUtcNow();
        DeclaredException? damaged = null;
        foreach (var service in state.Services.Values)
        {
            var (windows, wrong) = Known(state, service.Name, now);
            damaged = wrong ?? damaged;
            if (Plan(service, windows, now) is { } move)
                await journal.ExecuteAsync(move, By, ct);
        }
        if (damaged is not null)
            throw damaged;
    }

    /// <summary>What is to be done now; null for nothing.</summary>
    /// <param name="windows">Null where nobody knows them.</param>
    public static Command? Plan(Service service, IReadOnlyList<ProfileWindow>? windows, DateTimeOffset now)
    {
        var reason = Reason(windows, now);
        return service.Frozen switch
        {
            null when reason is not null => new Command.Freeze(service.Name, reason),
            { By: var by, Reason: var before } when by == By && reason is null => new Command.Thaw(
                service.Name,
                before == Unread ? "its freeze windows can be read again" : "the freeze window is over"
            ),
            { By: var by, Reason: var before } when by == By && reason != before => new Command.Freeze(
                service.Name,
                reason!
            ),
            _ => null,
        };
    }

    /// <summary>What a service is to be frozen for at this moment; null for nothing. Any thread.</summary>
    public string? Holding(ServiceName service)
    {
        var now = clock.GetUtcNow();
        return Reason(Known(journal.State, service, now).Windows, now);
    }

    private (IReadOnlyList<ProfileWindow>? Windows, DeclaredException? Wrong) Known(
        State state,
        ServiceName service,
        DateTimeOffset now
    )
    {
        try
        {
            return (Windows(profiles, state, service, now), null);
        }
        catch (DeclaredException wrong)
        {
            return (null, wrong);
        }
    }

    /// <summary>Whether it is frozen since nobody knew its windows.</summary>
    internal static bool IsBlind(Service service) => service.Frozen is { By: var by, Reason: Unread } && by == By;

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

    private static string? Reason(IReadOnlyList<ProfileWindow>? windows, DateTimeOffset now) =>
        windows is null ? Unread : Reason([.. windows.Where(w => w.Window.Holds(now))]);

    /// <returns>Null where none is in force. Windows are ASCII, and many of them are more than a reason.</returns>
    private static string? Reason(IReadOnlyList<ProfileWindow> holding)
    {
        if (holding.Count == 0)
            return null;
        var named = holding
            .GroupBy(w => w.Profile)
            .Select(of => $"{string.Join(", ", of.Select(w => w.Window))} of {of.Key}");
        var reason = $"freeze window {string.Join(", ", named)}";
        return reason.Length <= Decider.LongestReason ? reason : $"{reason[..(Decider.LongestReason - 1)]}…";
    }
}

/// <summary>A window, and the profile that it is one of.</summary>
public sealed record ProfileWindow(string Profile, FreezeWindow Window);

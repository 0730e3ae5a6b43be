using Mintmark.Releases;

namespace Mintmark.Server;

/// <summary>What the profile of a service could refuse a version for, as its gate found it last.</summary>
internal static class Enforceable
{
    public static IReadOnlyList<string> Of(State state, Service service)
    {
        var last = state.Releases.Values.LastOrDefault(r =>
            r.Service == service.Name && (r.Awaited is not null || !r.Gate.IsEmpty)
        );
        var found = last?.Awaited?.Controls ?? last?.Gate ?? [];
        return [.. found.Where(c => c.Standing is not null).Select(c => c.Control).Distinct()];
    }
}

namespace Mintmark.Releases;

/// <summary>Whose requests for a host are. Two services cannot have one host.</summary>
public static class HostRules
{
    /// <summary>Of one service.</summary>
    public const int Most = 10;

    /// <returns>Why a manifest cannot have the hosts that it declares; null where it can.</returns>
    public static string? Refuse(State state, Manifest manifest)
    {
        foreach (var other in state.Services.Values.Where(s => s.Name != manifest.Name))
        {
            var taken = Claimed(state, other).Intersect(manifest.Hosts ?? []).FirstOrDefault();
            if (taken is not null)
                return $"{taken} is a host of {other.Name} already: take it out of one of the two mint.yaml";
        }
        return null;
    }

    /// <returns>
    /// Of a service, those that its version in service declares, or before there is one those of the first. A rollback
    /// may bring back a version whose host another service has by now: it stays with one of them.
    /// </returns>
    public static IReadOnlyList<string> Of(State state, Service service)
    {
        var declaring = service.Serving ?? state.Live(service.Name)?.Mark;
        return declaring is { } mark ? state.Versions[mark].Manifest.Hosts ?? [] : [];
    }

    private static IEnumerable<string> Claimed(State state, Service service) =>
        state
            .Open(service.Name)
            .Select(release => release.Mark)
            .Concat(service.Serving is { } serving ? [serving] : [])
            .SelectMany(mark => state.Versions[mark].Manifest.Hosts ?? []);
}

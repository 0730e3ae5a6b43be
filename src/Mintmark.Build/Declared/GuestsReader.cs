using Mintmark.Releases;

namespace Mintmark.Build;

internal static class GuestsReader
{
    /// <returns>Null where the step names nobody.</returns>
    public static Guests? Read(Section step, ProblemList problems, ServiceName service)
    {
        var clients = List(step, "clients", Fields.Client, "clients, such as [ann]", problems);
        var cohorts = List(step, "cohorts", Fields.Cohort, "headers, such as ['X-Tenant: acme']", problems);
        return clients is null && cohorts is null
            ? null
            : new Guests([.. (clients ?? []).Select(client => Guests.Digest(service, client))], cohorts ?? []);
    }

    private static List<string>? List(
        Section step,
        string key,
        Field<string> field,
        string accepted,
        ProblemList problems
    )
    {
        if (step.Items(key, $"a list of at most {Guests.Most} {accepted}") is not { } items)
            return null;
        if (items.Count > Guests.Most)
            problems.Add(items[Guests.Most].Node, step.Path(key), $"found {items.Count}; accepted: {Guests.Most}");
        // What could not be read is null, and ends in an exception.
        return [.. items.Select(item => problems.Read(item.Node, item.Path, field)).OfType<string>()];
    }
}

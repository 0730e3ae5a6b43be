using Microsoft.AspNetCore.Http;
using Mintmark.Gate;
using Mintmark.Releases;
using Mintmark.Yaml;

namespace Mintmark.Server;

/// <summary>What the profile of a service could refuse a version for, as its gate found it last.</summary>
internal static class Enforceable
{
    /// <exception cref="BadHttpRequestException">There is no such control, or it is held to always.</exception>
    public static IReadOnlyList<string> Known(IReadOnlyList<string> names)
    {
        foreach (var given in names)
        {
            // A list may have null in it.
            var name = given ?? "";
            if (!Catalogue.Shipped.Controls.TryGetValue(name, out var control))
            {
                var near = Spelling.Nearest(name, [.. Catalogue.Shipped.Controls.Keys]);
                var hint = near is null ? "" : $"did you mean {near}? ";
                throw new BadHttpRequestException($"there is no control '{name}'; {hint}'mint controls' lists all");
            }
            if (control.Floor)
                throw new BadHttpRequestException($"{name} is of the floor: it is always enforced");
        }
        return names;
    }

    public static IReadOnlyList<string> Of(State state, Service service)
    {
        var last = state.Releases.Values.LastOrDefault(r =>
            r.Service == service.Name && (r.Awaited is not null || !r.Gate.IsEmpty)
        );
        var found = last?.Awaited?.Controls ?? last?.Gate ?? [];
        return [.. found.Where(c => c.Standing is not null).Select(c => c.Control).Distinct()];
    }
}

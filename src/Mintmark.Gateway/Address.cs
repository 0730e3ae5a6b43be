using Microsoft.AspNetCore.Http;

namespace Mintmark.Gateway;

/// <summary>Which service a request asks for.</summary>
/// <param name="Prefix">What is taken off the path; null where the host named the service.</param>
readonly record struct Address(LiveRoute Service, string? Prefix)
{
    private const string Domain = ".localhost";
    private const string PathStart = "/s/";

    /// <summary>
    /// By host <c>service.localhost</c>, else by path <c>/s/service/…</c>; null where neither names one.
    /// </summary>
    public static Address? Find(LiveTable table, HttpRequest request)
    {
        var services = table.Services.GetAlternateLookup<ReadOnlySpan<char>>();
        var host = request.Host.Host.AsSpan().TrimEnd('.');
        if (host.EndsWith(Domain, StringComparison.OrdinalIgnoreCase))
        {
            return services.TryGetValue(host[..^Domain.Length], out var named)
                ? new Address(named, Prefix: null)
                : null;
        }
        var path = request.Path.Value ?? "";
        if (!path.StartsWith(PathStart, StringComparison.Ordinal))
            return null;
        var rest = path.AsSpan(PathStart.Length);
        var slash = rest.IndexOf('/');
        var name = slash < 0 ? rest : rest[..slash];
        return services.TryGetValue(name, out var service) ? new Address(service, PathStart + service.Name) : null;
    }
}

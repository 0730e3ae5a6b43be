using Microsoft.AspNetCore.Http;

namespace Mintmark.Gateway;

/// <summary>Which service a request asks for.</summary>
/// <param name="Prefix">What is taken off the path; null where the host named the service.</param>
/// <param name="Only">The version asked for by its own address; null for whichever the split chooses.</param>
readonly record struct Address(LiveRoute Service, string? Prefix, LiveArm? Only = null)
{
    private const string Domain = ".localhost";
    private const string PathStart = "/s/";

    /// <summary>
    /// By host <c>service.localhost</c>, or <c>service-17.service.localhost</c> for one live version, or a host that
    /// the service declares, else by path
    /// <c>/s/service/…</c>; null where none names one.
    /// </summary>
    public static Address? Find(LiveTable table, HttpRequest request)
    {
        var services = table.Services.GetAlternateLookup<ReadOnlySpan<char>>();
        var host = request.Host.Host.AsSpan().TrimEnd('.');
        if (host.EndsWith(Domain, StringComparison.OrdinalIgnoreCase))
        {
            var name = host[..^Domain.Length];
            var dot = name.IndexOf('.');
            if (!services.TryGetValue(name[(dot + 1)..], out var named))
                return null;
            if (dot < 0)
                return new Address(named, Prefix: null);
            return named.Live(name[..dot]) is { } version ? new Address(named, Prefix: null, version) : null;
        }
        if (
            table.Hosts.Count > 0
            && table.Hosts.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(host, out var own)
        )
            return new Address(own, Prefix: null);
        var path = request.Path.Value ?? "";
        if (!path.StartsWith(PathStart, StringComparison.Ordinal))
            return null;
        var rest = path.AsSpan(PathStart.Length);
        var slash = rest.IndexOf('/');
        return services.TryGetValue(slash < 0 ? rest : rest[..slash], out var service)
            ? new Address(service, PathStart + service.Name)
            : null;
    }
}

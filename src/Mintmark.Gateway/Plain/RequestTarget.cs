using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Mintmark.Gateway.Plain;

/// <summary>
/// The path and query that an instance gets: as the client wrote them, so that nothing is decoded twice, less the
/// prefix that named the service.
/// </summary>
static class RequestTarget
{
    /// <summary>The asterisk form: the server, and nothing of it (RFC 9112, section 3.2.4).</summary>
    public const string Everything = "*";

    /// <returns>
    /// Null where two readers could take it for different paths: dot segments, also encoded, or bytes that no path has.
    /// </returns>
    public static string? Of(HttpContext context, string? prefix)
    {
        var raw = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        if (!raw.StartsWith('/'))
            raw = Relative(raw);
        var query = raw.IndexOf('?', StringComparison.Ordinal);
        var path = query < 0 ? raw.AsSpan() : raw.AsSpan(0, query);
        if (!raw.AsSpan().ContainsAnyExceptInRange('!', '~') && !raw.Contains('#', StringComparison.Ordinal))
        {
            if (!path.ContainsAny('.', '%', '\\') || !HasDotSegment(path))
                return prefix is null ? raw : WithoutService(raw, path.Length);
        }
        return null;
    }

    /// <summary>
    /// The path as most instances read it: without the query, decoded, and slashes in a row as one. What goes by paths
    /// goes by this, or who writes <c>/%72eports</c> is under no rule for <c>/reports</c>.
    /// </summary>
    /// <param name="target">As the instance gets it.</param>
    public static ReadOnlySpan<char> AsRead(string target)
    {
        var query = target.IndexOf('?', StringComparison.Ordinal);
        var path = query < 0 ? target.AsSpan() : target.AsSpan(0, query);
        if (!path.Contains('%') && !path.Contains("//", StringComparison.Ordinal))
            return path;
        var read = Uri.UnescapeDataString(path);
        while (read.Contains("//", StringComparison.Ordinal))
            read = read.Replace("//", "/", StringComparison.Ordinal);
        return read;
    }

    /// <param name="path">As read.</param>
    /// <param name="declared">A path of a rule.</param>
    /// <returns>Whether it is that one or below it.</returns>
    public static bool IsIn(ReadOnlySpan<char> path, string declared)
    {
        var above = AsRead(declared);
        return path.StartsWith(above, StringComparison.Ordinal)
            && (path.Length == above.Length || above[^1] == '/' || path[above.Length] == '/');
    }

    /// <summary>Of <c>/s/SERVICE/rest?query</c>, which is how it was found, <c>/rest?query</c>.</summary>
    private static string WithoutService(string raw, int path)
    {
        var slash = raw.IndexOf('/', raw.IndexOf('/', 1) + 1);
        return slash < 0 || slash > path ? "/" + raw[path..] : raw[slash..];
    }

    /// <summary>Of the absolute form <c>http://host/path</c>, or the asterisk form.</summary>
    private static string Relative(string raw)
    {
        var authority = raw.IndexOf("://", StringComparison.Ordinal);
        if (authority < 0)
            return raw;
        var end = raw.AsSpan(authority + 3).IndexOfAny('/', '?');
        if (end < 0)
            return "/";
        var rest = raw[(authority + 3 + end)..];
        return rest[0] == '/' ? rest : "/" + rest;
    }

    /// <summary>Between slashes of any kind, also encoded, or before parameters, just one or two dots.</summary>
    private static bool HasDotSegment(ReadOnlySpan<char> path)
    {
        var (dots, others) = (0, 0);
        for (var i = 0; i < path.Length; i++)
        {
            var c = path[i];
            if (c == '%' && i + 2 < path.Length)
            {
                c = Decoded(path[i + 1], path[i + 2]);
                i += 2;
            }
            if (c is '/' or '\\' or ';')
            {
                if (others == 0 && dots is 1 or 2)
                    return true;
                (dots, others) = (0, 0);
            }
            else if (c == '.')
            {
                dots++;
            }
            else
            {
                others++;
            }
        }
        return others == 0 && dots is 1 or 2;
    }

    private static char Decoded(char high, char low) =>
        (high, (char)(low | 0x20)) switch
        {
            ('2', 'e') => '.',
            ('2', 'f') => '/',
            ('3', 'b') => ';',
            ('5', 'c') => '\\',
            _ => 'x',
        };
}

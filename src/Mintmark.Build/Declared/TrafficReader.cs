using System.Text.RegularExpressions;
using Mintmark.Releases;

namespace Mintmark.Build;

/// <summary>How a service's requests are to be treated on their way.</summary>
internal static partial class TrafficReader
{
    private const long Second = 1_000;
    private const long Hour = 3_600 * Second;

    public static Timeouts? Timeouts(Section root)
    {
        if (root.Find("timeouts") is null)
            return null;
        var given = root.Optional("timeouts");
        var usual = Releases.Timeouts.Usual;
        return new Timeouts(
            given.Optional("connect", Fields.Milliseconds(100, 60 * Second), usual.ConnectMilliseconds),
            given.Optional("headers", Fields.Milliseconds(100, Hour), usual.HeadersMilliseconds),
            given.Optional("idle", Fields.Milliseconds(100, Hour), usual.IdleMilliseconds),
            given.Find("total") is null ? null : given.Optional("total", Fields.Milliseconds(100, 24 * Hour), 0)
        );
    }

    /// <returns>Null where none are declared.</returns>
    public static IReadOnlyList<string>? Hosts(Section root, ProblemList problems)
    {
        var accepted = $"a list of at most {HostRules.Most} names, such as [pay.example.com]";
        if (root.Items("hosts", accepted) is not { } items)
            return null;
        if (items.Count > HostRules.Most)
            problems.Add(items[HostRules.Most].Node, "hosts", $"found {items.Count}; accepted: {accepted}");
        var hosts = new List<string>();
        foreach (var (node, path) in items)
        {
            var host = problems.Read(node, path, Host);
            if (host is not null && hosts.Contains(host))
                problems.Add(node, path, $"'{host}' is listed twice; accepted: each host once");
            hosts.Add(host!);
        }
        return hosts;
    }

    private static readonly Field<string> Host = new(
        "a name of a host with a dot in it, in small letters, without a port, such as pay.example.com; "
            + "names that end with .localhost are given",
        (YamlNode.Scalar s, out string value) =>
            (value = s.Text).Length <= 253 && HostPattern().IsMatch(value) && !IsGiven(value)
    );

    private static bool IsGiven(string host) => host.EndsWith(".localhost", StringComparison.Ordinal);

    /// <summary>Labels of RFC 1123, the last of which is no number: that would be an address.</summary>
    [GeneratedRegex(
        @"^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])?\z",
        RegexOptions.ExplicitCapture,
        1000
    )]
    private static partial Regex HostPattern();

    public static InFlight? OnHalt(Section root)
    {
        var halt = root.Optional("halt");
        return halt.Find("in-flight") is null ? null : halt.Optional("in-flight", Fields.InFlight, InFlight.Drain);
    }
}

using System.Net;
using Mintmark.Releases;
using Mintmark.Route;

namespace Mintmark.Server;

/// <param name="Claim">What a request id says of itself and whether the log bears it out; null for other
/// questions.</param>
public sealed record TraceAnswer(
    string Asked,
    ServiceVersion Version,
    bool Serving,
    IReadOnlyList<Release> Releases,
    IReadOnlyList<Instance> Instances,
    string? Claim
);

/// <summary>From anything that names a version to all that is known of it. Answered from the state alone.</summary>
internal static class Trace
{
    public static TraceAnswer? Of(State state, string asked)
    {
        if (Mark.TryParse(asked, null, out var mark) && state.Versions.ContainsKey(mark))
            return For(state, asked, mark);
        if (RequestId.TryParse(asked, out var request))
            return OfRequest(state, asked, request);
        if (InstanceId.TryParse(asked, null, out var id) && state.Instances.TryGetValue(id, out var instance))
        {
            return For(state, asked, instance.Mark);
        }
        if (IPEndPoint.TryParse(asked, out var address) && address.Port > 0)
            return OfPort(state, asked, address.Port);
        return IsCommit(asked) ? OfCommit(state, asked) : null;
    }

    private static TraceAnswer For(State state, string asked, Mark mark, string? claim = null) =>
        new(
            asked,
            state.Versions[mark],
            state.Find(mark.Service)?.Serving == mark,
            [.. state.Releases.Values.Where(r => r.Mark == mark || r.Baseline == mark)],
            [.. state.Instances.Values.Where(i => i.Mark == mark)],
            claim
        );

    private static TraceAnswer? OfRequest(State state, string asked, RequestId request)
    {
        if (!state.Versions.ContainsKey(request.Mark))
            return null;
        var borneOut =
            state.Instances.TryGetValue(request.Instance, out var instance)
            && instance.Mark == request.Mark
            && instance.PlannedAt <= request.At
            && (instance.Phase != InstancePhase.Exited || request.At <= instance.PhaseSince);
        var claim =
            $"answered by {request.Mark} on {request.Instance} at {request.At:yyyy-MM-dd HH:mm:ss.fff} UTC, through "
            + $"the {Words(request.Gateway)}: "
            + (borneOut ? "the log has that instance running then" : "the log has NO such instance running then");
        return For(state, asked, request.Mark, claim);
    }

    /// <summary>Those beside the first are named by their ports.</summary>
    private static string Words(string? gateway) => gateway is null ? "first gateway" : $"gateway on port {gateway}";

    /// <summary>The version that is, or was last, at that port.</summary>
    private static TraceAnswer? OfPort(State state, string asked, int port) =>
        state.Instances.Values.LastOrDefault(i => i.Port == port) is { } instance
            ? For(state, asked, instance.Mark)
            : null;

    private static bool IsCommit(string asked) => asked.Length is >= 7 and <= 64 && asked.All(char.IsAsciiHexDigit);

    /// <summary>The newest version that was built from the commit.</summary>
    private static TraceAnswer? OfCommit(State state, string asked) =>
        state.Versions.Values.LastOrDefault(v => v.Source.Commit.StartsWith(asked, StringComparison.OrdinalIgnoreCase))
            is { } version
            ? For(state, asked, version.Mark)
            : null;
}

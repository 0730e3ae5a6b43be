using System.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace Mintmark.Gateway.Telemetry;

/// <summary>W3C trace context (https://www.w3.org/TR/trace-context/): what a caller says its trace is.</summary>
static class TraceContext
{
    /// <summary>What others must pass on at least (section 3.3.1.5).</summary>
    private const int LongestState = 512;

    /// <returns>Null where it says none, several, or one that is none.</returns>
    public static ActivityContext? Of(IHeaderDictionary headers)
    {
        var parents = headers.TraceParent;
        return parents.Count == 1 && ActivityContext.TryParse(parents[0], State(headers), isRemote: true, out var found)
            ? found
            : null;
    }

    /// <summary>What the instance gets instead: this trace goes on there, or none does.</summary>
    public static void Write(IHeaderDictionary headers, Activity? span)
    {
        headers.Remove(HeaderNames.TraceParent);
        headers.Remove(HeaderNames.TraceState);
        if (span is null)
            return;
        headers.TraceParent = span.Id;
        if (span.TraceStateString is { Length: > 0 } state)
            headers.TraceState = state;
    }

    private static string? State(IHeaderDictionary headers)
    {
        var state = headers.TraceState.ToString();
        return state.Length is > 0 and <= LongestState && !state.AsSpan().ContainsAnyExceptInRange(' ', '~')
            ? state
            : null;
    }
}

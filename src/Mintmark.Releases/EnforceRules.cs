using System.Buffers;
using static Mintmark.Releases.Decision;

namespace Mintmark.Releases;

/// <summary>
/// A service's controls are observed until somebody says that they are enforced. Back again is for a while only.
/// </summary>
internal static class EnforceRules
{
    private const int MostControls = 100;
    private const int LongestName = 60;
    private static readonly SearchValues<char> Letters = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-");

    public static Decision Decide(State state, Command.Enforce c)
    {
        if (Wrong(state, c.Service, c.Controls) is { } wrong)
            return wrong;
        var service = state.Services[c.Service];
        var open = c.Controls.Where(n => !service.Enforced.ContainsKey(n) || service.Observed.ContainsKey(n)).ToList();
        return new Accepted(open.Count == 0 ? [] : [new Event.ControlsEnforced(c.Service, open, c.Reason)]);
    }

    public static Decision Decide(State state, Command.Observe c)
    {
        if (Wrong(state, c.Service, c.Controls) is { } wrong)
            return wrong;
        var enforced = c.Controls.Where(state.Services[c.Service].Enforced.ContainsKey).ToList();
        if (enforced.Count == 0)
            return new Accepted([]);
        if (c.Until is not { } until)
            return new Refused(
                "expiry-needed",
                $"{string.Join(", ", enforced)}: enforced, so say with --until how long not"
            );
        return until <= c.At || until - c.At > Duties.LongestObserved
            ? new Refused(
                "expiry-out-of-range",
                $"until when must be after now and within {Duties.LongestObserved.TotalDays:0} days, not {until:O}"
            )
            : new Accepted([new Event.ControlsObserved(c.Service, enforced, until, c.Reason)]);
    }

    private static Refused? Wrong(State state, ServiceName service, IReadOnlyList<string> controls)
    {
        if (state.Find(service) is null)
            return Decider.UnknownService(state, service);
        if (controls.Count is 0 or > MostControls)
            return new("controls-missing", $"name 1 to {MostControls} controls; 'mint controls' lists them");
        return controls.FirstOrDefault(name => !IsName(name)) is { } odd
            ? new("unknown-control", $"'{odd}' is no control; 'mint controls' lists them")
            : null;
    }

    private static bool IsName(string name) =>
        name.Length is >= 1 and <= LongestName && !name.AsSpan().ContainsAnyExcept(Letters);
}

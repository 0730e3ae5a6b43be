using static Mintmark.Releases.Decision;

namespace Mintmark.Releases;

/// <summary>
/// Traffic returns to the last good version. What is on its way is taken back first; then, where a version is named or
/// nothing was on its way, the named or last good one is started again. No freeze and no halt stands against it.
/// </summary>
internal static class RollbackRules
{
    public static Decision Decide(State state, Command.Rollback c)
    {
        if (state.Find(c.Service) is not { } service)
            return Decider.UnknownService(state, c.Service);
        var open = state.Open(c.Service).ToList();
        if (open.Any(r => r.Kind == ReleaseKind.Return))
        {
            return new Refused(
                "one-rollback-at-a-time",
                $"{open.First(r => r.Kind == ReleaseKind.Return).Id} is one already"
            );
        }
        // In guard the old version is warm and newer than any other good one; a release on its way comes after it.
        List<Event> events = [.. open.Reverse<Release>().Select(r => new Event.RolledBack(r.Id, c.Reason))];
        var guarded = open.FirstOrDefault(r => r.Phase == Phase.Guarding);
        var serving = guarded is null ? service.Serving : guarded.Baseline;
        var target = c.To ?? (open.Count > 0 ? serving : service.LastGood());
        if (target is not { } to)
        {
            return events.Count > 0 && c.To is null
                ? new Accepted(events)
                : new Refused("no-good-version", $"{c.Service} has no other good version to go back to");
        }
        if (to == serving)
        {
            return events.Count > 0 ? new Accepted(events) : new Refused("already-serving", $"{to} serves already");
        }
        if (!service.Good.Contains(to))
        {
            return new Refused(
                "never-good",
                $"{to} is no version that was in service and lived through its guard period; these are: "
                    + (service.Good.IsEmpty ? "none" : string.Join(", ", service.Good))
            );
        }
        events.Add(new Event.ReturnRequested(state.NextRelease(), to, c.Reason));
        return new Accepted(events);
    }
}

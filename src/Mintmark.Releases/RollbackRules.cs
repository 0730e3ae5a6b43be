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
        if (open.Find(r => r.Kind == ReleaseKind.Return) is { } under && (c.To ?? under.Mark) == under.Mark)
        {
            return new Refused(
                "one-rollback-at-a-time",
                $"{under.Id} goes back to {under.Mark} already; to go elsewhere, name a version with --to"
            );
        }
        return c.To is { } named && named == service.Serving ? Stay(open, named, c.Reason) : Leave(state, service, c);
    }

    /// <summary>What serves is to go on serving: only what would replace it is taken back.</summary>
    private static Decision Stay(List<Release> open, Mark serving, string reason)
    {
        var onItsWay = open.FindAll(r => r.Phase != Phase.Guarding);
        return onItsWay.Count > 0
            ? new Accepted(TakenBack(onItsWay, reason))
            : new Refused("already-serving", $"{serving} serves already");
    }

    private static Decision Leave(State state, Service service, Command.Rollback c)
    {
        var open = state.Open(service.Name).ToList();
        var events = TakenBack(open, c.Reason);
        // In guard the version before is still warm: traffic is back there at once.
        var guarded = open.Find(r => r.Phase == Phase.Guarding);
        var then = guarded is null ? service.Serving : guarded.Baseline;
        if (open.Count > 0 && (c.To is null || c.To == then))
            return new Accepted(events);
        if ((c.To ?? service.LastGood()) is not { } to)
            return new Refused("no-good-version", $"{service.Name} has no other good version to go back to");
        if (!service.Good.Contains(to))
        {
            return new Refused(
                "not-a-good-version",
                $"{to} is none of the versions that lived through their guard period and were not left since: "
                    + (service.Good.IsEmpty ? "there are none" : string.Join(", ", service.Good))
            );
        }
        events.Add(new Event.ReturnRequested(state.NextRelease(), to, c.Reason));
        return new Accepted(events);
    }

    /// <summary>The newest first, as each stands on the one before it.</summary>
    private static List<Event> TakenBack(List<Release> open, string reason) =>
        [.. open.AsEnumerable().Reverse().Select(r => new Event.RolledBack(r.Id, reason))];
}

using Mintmark.Journal;
using Mintmark.Releases;
using Mintmark.Route;

namespace Mintmark.Simulation;

/// <summary>What must hold at every moment, and at the end of a history.</summary>
internal static class Checks
{
    public static void EachMoment(World world)
    {
        var state = world.State;
        var inForce = world.ControlPlane?.Links.InForce ?? -1;
        var present = (state.Size, world.Gateways.Sum(gateway => gateway.Table?.Revision ?? 0), inForce);
        if (world.Checked == present)
            return;
        world.Checked = present;
        GatewayChecks.EachMoment(world);
        foreach (var service in state.Services.Values)
        {
            var live = state.Open(service.Name).Count(r => r.Phase >= Phase.Starting);
            if (live > 1)
                world.Breaches.Add($"{live} releases of {service.Name} at once");
        }
        foreach (var table in world.Gateways.Select(gateway => gateway.Table).OfType<RouteTable>())
            Table(world, state, table);
    }

    /// <summary>
    /// A gateway's table is the state's at some revision; what it may send to was healthy and not halted then.
    /// </summary>
    private static void Table(World world, State state, RouteTable table)
    {
        if (table.Revision > state.Size && world.ControlPlane is not null)
        {
            world.Breaches.Add(
                $"the gateway has a table of revision {table.Revision} and the log {state.Size} entries"
            );
        }
        if (world.ControlPlane is null || !Routes.Same(table, Routes.From(state)))
            return;
        foreach (var target in table.Services.SelectMany(Targets))
        {
            var instance = state.Instances[target.Instance];
            if (instance.Phase != InstancePhase.Healthy)
                world.Breaches.Add($"traffic to {instance.Id}, {instance.Phase}");
        }
        foreach (var route in table.Services)
        {
            var halted = state.HaltOf(route.Service) is not null;
            var open = table.Halted is null && route.Halted is null;
            if (halted && open)
                world.Breaches.Add($"traffic to {route.Service}, which is halted");
        }
    }

    public static void AtTheEnd(World world)
    {
        var state = world.State;
        var folded = Replay.Fold(State.Empty, world.Disk.Entries);
        if (EntryCodec.Digest(folded) != EntryCodec.Digest(state))
            world.Breaches.Add("the state is not the fold of the log");
        foreach (var release in state.Releases.Values)
            Ended(world, state, release);
        world.Breaches.AddRange(PeopleChecks.OfLog(world.Disk.Entries));
        var known = state.Running().Select(i => i.Id).ToHashSet();
        foreach (var process in world.Machine.Living().Where(p => !known.Contains(p.Instance)))
        {
            world.Breaches.Add($"{process.Instance} runs and no log accounts for it");
        }
        if (!IsRouted(world))
        {
            world.Breaches.Add("a gateway does not route as the state says");
        }
    }

    public static bool IsRouted(World world) =>
        world.Gateways.All(g => g.Table is { } table && Routes.Same(table, Routes.From(world.State)));

    private static void Ended(World world, State state, Release release)
    {
        var fate = Fate.Of(state.Versions[release.Mark]);
        if (release.Outcome == Outcome.Promoted && fate.Hopeless)
            world.Breaches.Add($"{release.Mark}, {fate.Name}, was promoted");
        var worse = release.Steps.Any(s => s.Reached?.Verdict == Verdict.Worse);
        if (worse && release.Outcome != Outcome.RolledBack)
            world.Breaches.Add($"{release.Id} was judged worse and is {release.Phase}");
        if (release.Outcome == Outcome.Promoted || release.Phase != Phase.Ended)
            return;
        var routed = world
            .Gateways.SelectMany(gateway => gateway.Table?.Services ?? [])
            .SelectMany(Targets)
            .Select(t => state.Instances[t.Instance].Mark);
        var returned = state.Releases.Values.Any(r => r.Id.Number > release.Id.Number && r.Mark == release.Mark);
        if (routed.Contains(release.Mark) && !returned && state.Services[release.Service].Serving != release.Mark)
        {
            world.Breaches.Add($"{release.Mark} was taken back and still has traffic");
        }
    }

    private static IEnumerable<Target> Targets(ServiceRoute route) =>
        new[] { route.Baseline, route.Comparison?.Candidate, route.Shadow?.Candidate }.SelectMany(arm =>
            arm?.Targets ?? []
        );
}

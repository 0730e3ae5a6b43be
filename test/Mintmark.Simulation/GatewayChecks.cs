using Mintmark.Releases;
using Mintmark.Route;

namespace Mintmark.Simulation;

/// <summary>What must hold of several gateways, whatever is lost, repeated and late between them and the log.</summary>
internal static class GatewayChecks
{
    public static void EachMoment(World world)
    {
        if (world.ControlPlane is not { } plane)
            return;
        Confirmed(world, plane);
        foreach (var link in plane.Links.All)
            NothingHeardIsLost(world, link);
        NothingCountsTwice(world);
    }

    /// <summary>
    /// What is confirmed holds at each gateway that answers; each other one is named. One without a table lets nothing
    /// through.
    /// </summary>
    private static void Confirmed(World world, SimulatedControlPlane plane)
    {
        if (plane.Links.InForce < world.State.Size)
            return;
        foreach (var link in plane.Links.All.Where(link => link.Contact.Report is not null))
        {
            // Started anew since, and not met: it has what was confirmed on its disk, and its start is seen next.
            if (link.Contact.Report!.Gateway != link.Gateway.Run && link.Gateway.Table is null)
                continue;
            if (link.Gateway.Table is { } table && !Routes.Same(table, Routes.From(world.State)))
                world.Breaches.Add($"{link.Gateway.Run} goes by another table than was confirmed");
        }
    }

    /// <summary>What a gateway has said is in the log, whatever else comes late or again.</summary>
    private static void NothingHeardIsLost(World world, SimulatedLink link)
    {
        foreach (var ((run, release, step), said) in link.Recorded)
        {
            var known = world.State.Releases[release].Steps[step].Tallies.GetValueOrDefault(run);
            var (baseline, candidate) = (known?.Baseline ?? ArmTally.None, known?.Candidate ?? ArmTally.None);
            if (!Has(baseline, said.Baseline) || !Has(candidate, said.Candidate))
                world.Breaches.Add($"the log has lost what {run} said of {release}");
        }
        link.Recorded.Clear();
    }

    /// <summary>
    /// For each run the log has no more than that run has counted, so that the sum, by which the judge goes, is of
    /// requests that there were.
    /// </summary>
    private static void NothingCountsTwice(World world)
    {
        foreach (var release in world.State.Releases.Values.Where(r => r.Phase is Phase.Ramping or Phase.Guarding))
        {
            foreach (var step in release.Steps)
            {
                foreach (var (run, known) in step.Tallies)
                {
                    var (baseline, candidate) = world
                        .Gateways.Select(g => g.Ledger.GetValueOrDefault((run, release.Id, step.Step)))
                        .First(counted => counted.Baseline is not null);
                    if (!Has(baseline, known.Baseline) || !Has(candidate, known.Candidate))
                        world.Breaches.Add($"the log has more of {run} and {release.Id} than there was");
                }
            }
        }
    }

    private static bool Has(ArmTally all, ArmTally some) => ArmTally.Later(all, some) == all;
}

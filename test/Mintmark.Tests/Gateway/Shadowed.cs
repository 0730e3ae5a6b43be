using Mintmark.Releases;
using Mintmark.Route;

namespace Mintmark.Tests.Gateway;

/// <summary>A bank whose next version answers copies.</summary>
static class Shadowed
{
    public static readonly ShadowPlan All = new(new Share(Share.Whole), 500, 600, ShadowPlan.SafeMethods);

    public static ServiceRoute By(
        this ServiceRoute route,
        Instance? candidate,
        ShadowPlan? plan = null,
        int release = 7
    ) => route.By(candidate?.As(2), plan, release);

    public static ServiceRoute By(
        this ServiceRoute route,
        Target? candidate,
        ShadowPlan? plan = null,
        int release = 7
    ) =>
        route with
        {
            Shadow = new(
                new ReleaseId(release),
                new Arm(Mark.Parse("bank-2"), candidate is null ? [] : [candidate], Timeouts: Rig.Patient),
                plan ?? All
            ),
        };

    public static async Task<ShadowTally> TallyAsync(this Rig rig, Func<ShadowTally, bool> until) =>
        (await rig.ReportAsync(r => r.Shadows is [{ Counts: var counts }] && until(counts))).Shadows![0].Counts;
}

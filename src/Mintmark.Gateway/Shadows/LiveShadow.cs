using Microsoft.AspNetCore.Http;
using Mintmark.Gateway.Plain;
using Mintmark.Releases;
using Mintmark.Route;

namespace Mintmark.Gateway.Shadows;

/// <summary>A candidate that answers copies of requests, for nobody.</summary>
/// <param name="Itself">What stands for the service on a copy's way: no retry of a copy is paid for by clients.</param>
sealed record LiveShadow(Shadowing Declared, LiveArm Candidate, ShadowCounts Counts, LiveRoute Itself)
{
    public const int LargestBody = 64 << 10;

    public static LiveShadow Next(LiveShadow? before, ServiceName service, Shadowing declared, LiveArm candidate) =>
        before is not null && before.Declared.Release == declared.Release
            ? before with
            {
                Declared = declared,
                Candidate = candidate,
            }
            : new LiveShadow(
                declared,
                candidate,
                new ShadowCounts(),
                new LiveRoute(service, null, null, null, [], null, new RetryBudget())
            );

    /// <summary>Whether this request, on its way to the baseline, is one of those to be copied.</summary>
    /// <param name="path">As the instance gets it.</param>
    public bool Chooses(HttpContext context, string path)
    {
        var plan = Declared.Plan;
        if (!Candidate.CanAnswer || Upgrades.IsOne(context))
            return false;
        if (!plan.Methods.Contains(context.Request.Method) || !IsIn(path, plan.Paths))
            return false;
        return plan.Share.BasisPoints == Share.Whole || Random.Shared.Next(Share.Whole) < plan.Share.BasisPoints;
    }

    private static bool IsIn(string path, IReadOnlyList<string>? paths)
    {
        if (paths is null)
            return true;
        var read = RequestTarget.AsRead(path);
        foreach (var chosen in paths)
        {
            if (RequestTarget.IsIn(read, chosen))
                return true;
        }
        return false;
    }

    public ShadowReport Report() => new(Declared.Release, Counts.Sum());
}

using System.Collections.Concurrent;
using Mintmark.Releases;

namespace Mintmark.Watch;

/// <summary>
/// The two-arm e-process over units with an error (conditional Bernoulli; Lindon and Malek, arXiv 2011.03567), for a
/// share that changes from step to step.
/// <para>
/// Where the candidate's odds of an error are ρ times the baseline's, a unit with an error in a step with candidate
/// share w is the candidate's with probability wρ/(1 + w(ρ-1)); where both are equal, with probability w. So the
/// likelihood ratio of ρ against ρ₀ over the steps i, with c of n units on the candidate, is
/// Π (ρ/ρ₀)^cᵢ ((1 + wᵢ(ρ₀-1)) / (1 + wᵢ(ρ-1)))^nᵢ.
/// </para>
/// <para>
/// Under any true ratio on the null's side of ρ₀ it is a supermartingale, and so is a mixture over ρ beyond ρ₀: by
/// Ville's inequality it ever reaches 1/α with probability at most α, however often it is looked at, and whatever the
/// error rate that both arms share does meanwhile.
/// </para>
/// </summary>
public static class Judge
{
    /// <summary>A candidate that is not tolerable is called so with at most this probability.</summary>
    private const double FalseTolerable = 0.05;

    /// <summary>
    /// Chosen by measuring how many candidate errors it takes at shares of 1 % to 50 % and true ratios of 1.5 up:
    /// within a twentieth of the best of six grids everywhere. The weight at the top finds a candidate that fails
    /// always on its third error at 5 %.
    /// </summary>
    private static readonly Mixture Worse = new(
        1,
        [(1.3, 1), (1.6, 1), (2, 1), (3, 1), (5, 1), (10, 1), (30, 1), (100, 2), (1_000, 2), (10_000, 4)]
    );

    /// <summary>By tolerated ratio: multiples below it.</summary>
    private static readonly ConcurrentDictionary<decimal, Mixture> Tolerable = new();

    /// <param name="steps">
    /// Every step of the release so far, counts summed over gateways, each with the share in force while it was
    /// counted. Only counts enter: the order in which units arrived, or reports of them, changes no bit of the result.
    /// </param>
    public static Evidence Weigh(IReadOnlyList<StepTally> steps, RolloutPlan plan)
    {
        var errors = Worse.Weigh(steps, Indicators.Errors);
        // Each of the four gets a quarter of what slowness gets.
        var slow = Indicators.Slow.Max(s => Worse.Weigh(steps, s.Name)) - Math.Log(Indicators.Slow.Count);
        var below = Tolerable.GetOrAdd(plan.ToleratedRatio, Below);
        var tolerableErrors = below.Weigh(steps, Indicators.Errors);
        var tolerableSlow = below.Weigh(steps, "slow-p99");
        return new(
            // Each of the two tests gets half of α, hence the 2 below. Their mean would be an e-value only if both were
            // of one history; a sticky client, counted for its first error and for its first slow answer, has two.
            Math.Max(errors, slow),
            errors,
            slow,
            Math.Min(tolerableErrors, tolerableSlow),
            Math.Log(2 / (double)plan.FalseRollback),
            -Math.Log(FalseTolerable)
        );
    }

    private static Mixture Below(decimal ratio) =>
        new((double)ratio, [(0.7, 1), (0.5, 2), (0.25, 1), (0.1, 2), (0.02, 1)]);
}

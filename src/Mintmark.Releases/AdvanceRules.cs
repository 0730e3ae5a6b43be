using static Mintmark.Releases.Decision;

namespace Mintmark.Releases;

/// <summary>
/// A person stands in for evidence only where the manifest asks for one, none has come in its time, and nothing speaks
/// against the candidate.
/// </summary>
internal static class AdvanceRules
{
    public static Decision Decide(State state, Command.Advance c)
    {
        if (state.Releases.GetValueOrDefault(c.Release) is not { } release)
            return new Refused("unknown-release", $"there is no {c.Release}; 'mint releases' lists them");
        if (release.Phase != Phase.Ramping)
            return NothingWaits($"{c.Release} is {Place(release)}");
        if (c.Worse is { } worse)
            return new Refused("candidate-is-worse", $"{release.Mark} is worse: {worse}");
        var step = release.Steps[^1];
        if (step.HasPassed())
            return NothingWaits($"step {step.Step + 1} of {c.Release} has passed already");
        var plan = state.Versions[release.Mark].Manifest.Rollout;
        if (plan.WithoutEvidence != WithoutEvidence.Ask)
            return NothingWaits($"the mint.yaml of {release.Mark} does not ask a person (rollout.without-evidence)");
        return step.Lacking is null
            ? NothingWaits(
                $"step {step.Step + 1} of {c.Release} has not lacked evidence for {plan.PatienceSeconds} s yet"
            )
            : new Accepted([new Event.StepAdvanced(c.Release, step.Step, c.Reason)]);
    }

    private static Refused NothingWaits(string why) => new("nothing-waits", why);

    private static string Place(Release release) =>
        release.OutcomeReason is { } ended ? $"over: {ended}" : release.Phase.ToString().ToLowerInvariant();
}

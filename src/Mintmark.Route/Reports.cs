using Mintmark.Releases;

namespace Mintmark.Route;

/// <summary>From a gateway's report to what the log should hold of it. Pure.</summary>
public static class Reports
{
    /// <summary>
    /// Steps of releases under way whose counts are news. Errors and signals are news at once; mere requests, and slow
    /// ones, which come all the time, only when <paramref name="due"/>, so that a long ramp does not fill the log.
    /// </summary>
    public static IEnumerable<Event.OutcomesReported> News(State state, GatewayReport report, bool due) =>
        from step in report.Steps
        let release = state.Releases.GetValueOrDefault(step.Release)
        where release is { Phase: Phase.Ramping or Phase.Guarding } && step.Step <= release.CurrentStep
        let known = release.Steps[step.Step].Tallies.GetValueOrDefault(report.Gateway)
        where IsNews(known, step, due)
        select new Event.OutcomesReported(
            step.Release,
            step.Step,
            report.Gateway,
            report.Sequence,
            step.Baseline,
            step.Candidate
        );

    /// <summary>
    /// Counts of copies that are news: at once where the candidate failed alone, else when <paramref name="due"/>.
    /// </summary>
    public static IEnumerable<Event.ShadowReported> Shadowed(State state, GatewayReport report, bool due) =>
        from shadow in report.Shadows ?? []
        let release = state.Releases.GetValueOrDefault(shadow.Release)
        where release is not null && state.ShadowOf(release) is not null
        let known = release.Shadow?.Tallies.GetValueOrDefault(report.Gateway) ?? ShadowTally.None
        where ShadowTally.Later(known, shadow.Counts) != known && (due || shadow.Counts.FailedAlone > known.FailedAlone)
        select new Event.ShadowReported(shadow.Release, report.Gateway, shadow.Counts);

    /// <summary>Steps in which the gateway has judged the candidate worse and the log does not know it yet.</summary>
    public static IEnumerable<StepReport> Trips(State state, GatewayReport report) =>
        report.Steps.Where(step =>
            step.Tripped
            && state.Releases.GetValueOrDefault(step.Release) is { Phase: Phase.Ramping or Phase.Guarding } release
            && release.CurrentStep == step.Step
        );

    private static bool IsNews(StepTally? known, StepReport step, bool due)
    {
        var baseline = known?.Baseline ?? ArmTally.None;
        var candidate = known?.Candidate ?? ArmTally.None;
        if (
            ArmTally.Later(baseline, step.Baseline) == baseline
            && ArmTally.Later(candidate, step.Candidate) == candidate
        )
        {
            return false;
        }
        return due || step.Tripped || Bad(step.Baseline) > Bad(baseline) || Bad(step.Candidate) > Bad(candidate);
    }

    private static long Bad(ArmTally tally) =>
        tally.Errors + tally.Bad.Where(b => !Indicators.IsSlow(b.Key)).Sum(b => b.Value);
}

namespace Mintmark.Releases;

/// <summary>
/// What one gateway counts in one step of a release. Its reports follow each other and come in thousands: they go into
/// the release only when it is looked at.
/// </summary>
internal sealed class Counting
{
    private readonly Release release;
    private readonly string gateway;
    private readonly bool isCurrent;
    private StepRecord step;
    private ArmTally baseline;
    private ArmTally candidate;

    public Counting(Release release, int step, string gateway)
    {
        this.release = release;
        this.gateway = gateway;
        this.step = release.Steps[step];
        isCurrent = step == release.CurrentStep;
        var before = this.step.Tallies.GetValueOrDefault(gateway);
        baseline = before?.Baseline ?? ArmTally.None;
        candidate = before?.Candidate ?? ArmTally.None;
    }

    public Release Release => release with { Steps = release.Steps.SetItem(step.Step, Counted()) };

    public bool IsOf(Event.OutcomesReported e) =>
        e.Release == release.Id && e.Step == step.Step && e.Gateway == gateway;

    public void Add(Event.OutcomesReported e, DateTimeOffset at)
    {
        baseline = ArmTally.Later(baseline, e.Baseline);
        candidate = ArmTally.Later(candidate, e.Candidate);
        if (step.Used is null && candidate.Requests > 0)
            step = step with { Used = at };
        if (isCurrent && CountMark.IsDue(step, at))
            step = CountMark.Set(Counted(), at);
    }

    private StepRecord Counted() =>
        step with
        {
            Tallies = step.Tallies.SetItem(gateway, new StepTally(step.Share, baseline, candidate)),
        };
}

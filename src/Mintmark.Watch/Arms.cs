using Mintmark.Releases;

namespace Mintmark.Watch;

/// <summary>The two versions of a live release, as the state shows them.</summary>
internal sealed class Arms(State state, Release release)
{
    public Release Release { get; } = release;

    public Manifest Manifest { get; } = state.Versions[release.Mark].Manifest;

    public IReadOnlyList<string> Signals { get; } = Indicators.Signals(state, release);

    public IReadOnlyList<Instance> Candidates { get; } = [.. state.Running(release.Mark)];

    public bool CandidateServes => Candidates.Any(i => i.Phase == InstancePhase.Healthy);

    public bool BaselineServes =>
        Release.Baseline is { } baseline && state.Running(baseline).Any(i => i.Phase == InstancePhase.Healthy);

    /// <summary>Since the step in force began; before the first one, since the release was admitted.</summary>
    public static bool ReportedInStep(Release release, Instance instance) =>
        instance.Invariants is { } report
        && report.Step == release.CurrentStep
        && report.Entry > (release.Steps.IsEmpty ? release.Admission : release.Steps[^1].Entry);

    /// <summary>Invariants that the candidate breaks, each with what is broken.</summary>
    public IEnumerable<InvariantResult> Broken() =>
        Candidates.SelectMany(i => i.Invariants?.Broken() ?? []).DistinctBy(r => r.Name);

    /// <summary>
    /// Of these, the ones that the baseline keeps, or kept before the candidate's first traffic: where both share their
    /// data, what the candidate breaks shows at the baseline as well.
    /// </summary>
    public IEnumerable<InvariantResult> BrokenByCandidate() =>
        Release.Baseline is { } baseline
            ? Broken().Where(r => Release.Kept.Contains(r.Name) || KeptNow(baseline).Contains(r.Name))
            : [];

    /// <summary>Exits of instances that were started for this release, the last one first.</summary>
    public IReadOnlyList<Instance> CandidateExits()
    {
        var exits = new List<Instance>();
        // Instances are counted without gaps, so the newest ones are found from the end, whatever came before.
        for (var number = state.Instances.Count; number > 0; number--)
        {
            var instance = state.Instances[new InstanceId(number)];
            if (instance.Entry < Release.Entry)
                break;
            if (instance.Mark == Release.Mark && instance.Phase == InstancePhase.Exited)
                exits.Add(instance);
        }
        return exits;
    }

    /// <summary>Whether the candidate exited more often than the baseline, each by how many instances it has.</summary>
    public bool ExitsMore(int exits) =>
        Release.Baseline is not { } baseline
        || (long)exits * Trials.Instances(state.Versions[baseline].Manifest)
            > (long)BaselineExits() * Trials.Instances(Manifest);

    /// <summary>How often the baseline exited since this release was asked for.</summary>
    private int BaselineExits() =>
        state.Instances.Values.Count(i =>
            i.Mark == Release.Baseline && i.Phase == InstancePhase.Exited && i.PhaseEntry > Release.Entry
        );

    private HashSet<string> KeptNow(Mark baseline) => [.. state.Kept(baseline, Release.Entry)];
}

using Mintmark.Releases;
using Mintmark.Route;
using Mintmark.Watch;

namespace Mintmark.Gateway;

/// <summary>
/// What lives as long as a release: who has been counted in it, and whether its candidate was found worse.
/// </summary>
sealed class LiveRelease(ReleaseId id)
{
    private volatile bool tripped;
    private volatile bool warm;

    public ReleaseId Id => id;

    public FirstTimes Errors { get; } = new();

    public FirstTimes Slows { get; } = new();

    /// <summary>Set once and for good: what was worse in one step is worse in the next.</summary>
    public bool Tripped => tripped;

    public void Trip() => tripped = true;

    /// <summary>
    /// Whether slowness counts by now, on either arm. The first answers of a fresh instance are slow in every version:
    /// code is compiled, caches and pools are empty. The rule looks at past counts only, so it favours neither arm.
    /// </summary>
    public bool IsWarm => warm;

    public void Warm() => warm = true;
}

/// <summary>
/// The counts of one step, carried from table to table while the step is in force and a few steps on.
/// </summary>
sealed class LiveStep(LiveRelease release, int step)
{
    public LiveRelease Release => release;

    public int Step => step;

    public ArmCounts Baseline { get; } = new();

    public ArmCounts Candidate { get; } = new();

    public bool Is(Comparison declared) => release.Id == declared.Release && step == declared.Step;

    public StepReport Report() => new(release.Id, step, Baseline.Sum(), Candidate.Sum(), release.Tripped);

    /// <summary>Candidate requests in the whole release, as far as this gateway knows.</summary>
    public long CandidateRequests(Comparison declared) =>
        declared.Past.Sum(past => past.Candidate.Requests) + Candidate.Sum().Requests;

    /// <summary>
    /// The judge on the spot, on what the control plane knew of earlier steps and what was counted here.
    /// </summary>
    public bool IsWorse(Comparison declared)
    {
        var here = new StepTally(declared.Share, Baseline.Sum(), Candidate.Sum());
        return Judge.Weigh([.. declared.Past, here], declared.Rollout).Worse;
    }
}

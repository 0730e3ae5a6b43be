using System.Runtime.ExceptionServices;
using Mintmark.Journal;
using Mintmark.Releases;
using Mintmark.Yaml;

namespace Mintmark.Gate;

/// <summary>
/// Decides for every built version whether it may go on. Where all but people's word is there it says so and waits.
/// </summary>
/// <param name="keep">Keeps the canonical JSON of what a version was held to, under its digest.</param>
public sealed class GateReconciler(
    ReleaseJournal journal,
    ProfilePlace profiles,
    TimeProvider clock,
    Action<byte[]>? keep = null
) : IReconciler
{
    private static readonly Actor By = new("mintmark/gate");

    public string Name => "gate";

    public TimeSpan Period { get; } = TimeSpan.FromSeconds(1);

    /// <exception cref="DeclaredException">What a team laid over a profile is damaged: of that profile nothing is
    /// decided.</exception>
    /// <exception cref="InvalidOperationException">The log cannot hold a decision.</exception>
    public async Task ReconcileAsync(CancellationToken ct)
    {
        Exception? trouble = null;
        foreach (var release in journal.State.Open().Where(r => r.Phase == Phase.Gating).ToList())
        {
            try
            {
                await DecideAsync(release.Id, ct);
            }
            catch (Exception wrong) when (wrong is DeclaredException or InvalidOperationException)
            {
                trouble = wrong;
            }
        }
        if (trouble is not null)
            ExceptionDispatchInfo.Throw(trouble);
    }

    private async Task DecideAsync(ReleaseId id, CancellationToken ct)
    {
        var state = journal.State;
        if (state.Releases[id] is not { Phase: Phase.Gating } release)
            return;
        // A file that somebody is editing refuses no release.
        if (FreezeReconciler.IsBlind(state.Services[release.Service]))
            return;
        var now = clock.GetUtcNow();
        var policy = profiles.PolicyOf(state.Versions[release.Mark].Manifest.Profile, state, release, now);
        var controls = Controls.Judge(state, release, policy, now);
        var digest = policy.Digest();
        Event said =
            !controls.Any(c => c.Refuses) && controls.Any(c => c is { Passed: false, Standing: Standing.Awaited })
                ? new Event.GateWaits(id, controls, digest)
                : new Event.GateDecided(id, controls, digest);
        if (said is Event.GateWaits && IsSaid(release.Awaited, controls, digest))
            return;
        keep?.Invoke(policy.ToJson());
        var decision = await journal.ExecuteAsync(new Command.Record(said, state.Size), By, ct);
        // What was overtaken is judged anew in the next round.
        if (decision is Decision.Refused { Rule: not Decision.Refused.Overtaken } refused)
            throw new InvalidOperationException($"what the gate says of {id} cannot be kept: {refused.Reason}");
    }

    /// <summary>Whether the log says already what people are awaited for.</summary>
    private static bool IsSaid(Awaited? before, IReadOnlyList<ControlResult> controls, string policy) =>
        before?.Policy == policy && Awaited(before.Controls).SequenceEqual(Awaited(controls));

    private static IEnumerable<ControlResult> Awaited(IEnumerable<ControlResult> controls) =>
        controls.Where(c => c.Standing == Standing.Awaited);
}

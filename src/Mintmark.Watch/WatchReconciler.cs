using Mintmark.Journal;
using Mintmark.Releases;

namespace Mintmark.Watch;

/// <summary>Asks both arms of every live release for their invariants and records verdicts when they hold.</summary>
public sealed class WatchReconciler(ReleaseJournal journal, IInvariantProbe probe, TimeProvider clock) : IReconciler
{
    private static readonly Actor By = new("mintmark/watch");

    /// <summary>Of its clock more than it runs fast or slow.</summary>
    internal static readonly TimeSpan Jump = TimeSpan.FromSeconds(1);

    private readonly Lock _looking = new();
    private DateTimeOffset _watching = clock.GetUtcNow();
    private (DateTimeOffset Wall, long Steady) _looked = (clock.GetUtcNow(), clock.GetTimestamp());
    private readonly Questions _questions = new(probe);
    private readonly Dictionary<ReleaseId, Sufficed> _sufficed = [];
    private long _round;

    public string Name => "watch";

    /// <summary>Shorter than between two questions, since an answer waits for the round that sees it.</summary>
    public TimeSpan Period { get; } = TimeSpan.FromMilliseconds(250);

    /// <summary>The verdict on a live release now, or what keeps its invariants from being known. Any thread.</summary>
    public VerdictNow Explain(State state, Release release)
    {
        var (now, watching) = Look();
        var verdict = Verdicts.Of(state, release, now, watching);
        var judging = release.Phase == Phase.Ramping && !release.Steps[^1].HasPassed();
        return
            judging
            && verdict.Verdict != Verdict.Worse
            && _questions.Unclear(state.Running(release.Mark)) is { } unclear
            ? new(Verdict.NotEnoughEvidence, unclear, verdict.LogEvidence)
            : verdict;
    }

    public async Task ReconcileAsync(CancellationToken ct)
    {
        _round++;
        // Each is tried, whatever becomes of the others: a full disk has room left for what is worse, and for no more.
        var answers = await _questions.CollectAsync(journal.State);
        var reported = Task.WhenAll(answers.Select(answer => RecordAsync(answer, ct)));
        await reported.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        // No step ends on an answer that is not in the log.
        if (!reported.IsCompletedSuccessfully)
            _sufficed.Clear();
        var state = journal.State;
        foreach (var ended in _sufficed.Keys.Except(Live(state).Select(r => r.Id)).ToList())
            _sufficed.Remove(ended);
        var verdicts = Live(state).Select(release => Reached(state, release)).OfType<Event.VerdictReached>();
        var judged = Task.WhenAll(verdicts.Select(verdict => RecordAsync(verdict, ct)));
        await judged.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _questions.Ask(journal.State, _round, clock.GetUtcNow(), _sufficed.ContainsKey, ct);
        await reported;
        await judged;
    }

    private Task RecordAsync(Event what, CancellationToken ct) =>
        journal.ExecuteAsync(new Command.Record(what), By, ct);

    internal static IEnumerable<Release> Live(State state) => state.Open().Where(r => r.Phase >= Phase.Starting);

    /// <summary>The time, and since when we watch by it: a clock that is set makes nothing late.</summary>
    private (DateTimeOffset Now, DateTimeOffset Watching) Look()
    {
        lock (_looking)
        {
            var (now, steady) = (clock.GetUtcNow(), clock.GetTimestamp());
            var set = now - _looked.Wall - clock.GetElapsedTime(_looked.Steady, steady);
            if (set.Duration() > Jump)
                _watching = now;
            _looked = (now, steady);
            return (now, _watching);
        }
    }

    private Event.VerdictReached? Reached(State state, Release release)
    {
        var (now, watching) = Look();
        var (verdict, reason, evidence) = Verdicts.Of(state, release, now, watching);
        var reached = new Event.VerdictReached(release.Id, release.CurrentStep, verdict, reason, evidence, state.Size);
        if (verdict == Verdict.Worse)
            return reached;
        if (verdict == Verdict.GoodEnough && release.Steps[^1].Reached is null)
            return AskedSinceItSufficed(state, release) ? reached : null;
        _sufficed.Remove(release.Id);
        return verdict == Verdict.NotEnoughEvidence && Verdicts.IsOverdue(state, release, now, watching)
            ? reached
            : null;
    }

    /// <summary>
    /// A step ends only on an invariants answer to a question asked after its requests sufficed: else a short step
    /// would end before what it broke could be seen.
    /// </summary>
    private bool AskedSinceItSufficed(State state, Release release)
    {
        if (_sufficed.GetValueOrDefault(release.Id) is not { } sufficed || sufficed.Step != release.CurrentStep)
            _sufficed[release.Id] = sufficed = new(release.CurrentStep, _round);
        return state.Versions[release.Mark].Manifest.InvariantsPath is null
            || state
                .Running(release.Mark)
                .Where(i => i.Phase == InstancePhase.Healthy)
                .All(i => _questions.AnsweredSince(i.Id, sufficed.Round));
    }

    /// <param name="Round">In which it was first seen that nothing is missing for the step's end.</param>
    private sealed record Sufficed(int Step, long Round);
}

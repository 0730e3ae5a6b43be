using System.Collections.Concurrent;
using System.Diagnostics;
using Mintmark.Releases;

namespace Mintmark.Watch;

/// <summary>
/// The questions for invariants that are out. They are asked in one round and collected in a later one, so that an
/// instance that is slow to answer holds up nothing else.
/// </summary>
internal sealed class Questions(IInvariantProbe probe)
{
    private static readonly TimeSpan Spacing = TimeSpan.FromSeconds(1);

    private readonly Dictionary<InstanceId, Question> _asked = [];
    private readonly Dictionary<InstanceId, long> _answered = [];
    private readonly ConcurrentDictionary<InstanceId, string> _unclear = [];

    public string? Unclear(IEnumerable<Instance> instances) =>
        instances.Select(i => _unclear.GetValueOrDefault(i.Id)).FirstOrDefault(reason => reason is not null);

    /// <summary>Whether a clear answer came to a question asked in that round or later.</summary>
    public bool AnsweredSince(InstanceId instance, long round) => _answered.GetValueOrDefault(instance) >= round;

    /// <summary>Reports to record: of instances whose result changed, or that have not reported in this step.</summary>
    public async Task<IReadOnlyList<Event.InvariantsReported>> CollectAsync(State state)
    {
        var watched = Watched(state).ToList();
        foreach (var gone in _asked.Keys.Except(watched.Select(w => w.Instance.Id)).ToList())
            Forget(gone);
        var reports = new List<Event.InvariantsReported>();
        foreach (var (release, instance, _) in watched)
        {
            if (_asked.GetValueOrDefault(instance.Id) is not { Answer: { IsCompleted: true } answer } question)
                continue;
            _asked[instance.Id] = question with { Answer = null };
            // What was asked in an earlier step says nothing of this one.
            if (answer.IsCanceled || question.Release != release.Id || question.Step != release.CurrentStep)
                continue;
            if (Clear(instance.Id, question, await answer) is { } results && IsNews(release, instance, results))
                reports.Add(new(instance.Id, release.CurrentStep, results));
        }
        return reports;
    }

    /// <param name="urgent">Releases that wait for an answer only: asked again as soon as one is in.</param>
    public void Ask(State state, long round, DateTimeOffset now, Func<ReleaseId, bool> urgent, CancellationToken ct)
    {
        foreach (var (release, instance, path) in Watched(state))
        {
            var last = _asked.GetValueOrDefault(instance.Id);
            var inStep = last is not null && last.Release == release.Id && last.Step == release.CurrentStep;
            if (last?.Answer is not null || (inStep && !urgent(release.Id) && (now - last!.At).Duration() < Spacing))
                continue;
            var protocol = state.Versions[instance.Mark].Manifest.Run.Protocol ?? Protocol.Http1;
            var answer = probe.AskAsync(instance.Port, path, protocol, ct);
            _asked[instance.Id] = new(release.Id, release.CurrentStep, round, now, answer);
        }
    }

    private IReadOnlyList<InvariantResult>? Clear(InstanceId id, Question question, InvariantAnswer answer)
    {
        switch (answer)
        {
            case InvariantAnswer.Given(var results):
                _answered[id] = question.Round;
                _unclear.TryRemove(id, out _);
                return results;
            case InvariantAnswer.Unclear(var reason):
                _unclear[id] = reason;
                return null;
            default:
                throw new UnreachableException(answer.GetType().Name);
        }
    }

    private static bool IsNews(Release release, Instance instance, IReadOnlyList<InvariantResult> results) =>
        !Arms.ReportedInStep(release, instance)
        || !results.Select(Kept).Order().SequenceEqual(instance.Invariants!.Results.Select(Kept).Order());

    /// <summary>What is broken may read differently each second; that it is broken is the news.</summary>
    private static (string, bool) Kept(InvariantResult result) => (result.Name, result.Broken is null);

    private static IEnumerable<(Release Release, Instance Instance, string Path)> Watched(State state) =>
        from release in WatchReconciler.Live(state)
        from mark in new[] { release.Baseline, release.Mark }.OfType<Mark>()
        let path = state.Versions[mark].Manifest.InvariantsPath
        where path is not null
        from instance in state.Running(mark)
        where instance.Phase == InstancePhase.Healthy
        select (release, instance, path);

    private void Forget(InstanceId id)
    {
        _asked.Remove(id);
        _answered.Remove(id);
        _unclear.TryRemove(id, out _);
    }

    /// <param name="Answer">Null once it was collected.</param>
    private sealed record Question(
        ReleaseId Release,
        int Step,
        long Round,
        DateTimeOffset At,
        Task<InvariantAnswer>? Answer
    );
}

using Mintmark.Releases;
using Mintmark.Server;

namespace Mintmark.Cli;

/// <summary>What is new about a release since it was looked at last, one line for each change.</summary>
internal sealed class News
{
    private ReleaseAnswer? before;
    private bool away;
    private string explained = "";
    private long countedRequests;
    private long countedErrors;

    public IReadOnlyList<string> Of(Sighting sighting)
    {
        if (sighting.AwaySince is not null)
        {
            var known = away;
            away = true;
            return known ? [] : ["the control plane does not answer: waiting for it"];
        }
        List<string> lines = away ? ["the control plane answers again"] : [];
        away = false;
        var now = sighting.Answer;
        lines.AddRange([
            .. Asked(now),
            .. Build(now),
            .. Gate(now),
            .. Place(now),
            .. Instances(now),
            .. Rehearsed(now),
            .. Steps(now),
        ]);
        lines.AddRange(Explained(now, lines.Count > 0));
        before = now;
        return lines;
    }

    private IEnumerable<string> Asked(ReleaseAnswer now)
    {
        if (before is not null)
            yield break;
        var source = now.Version.Source;
        yield return now.Release.Kind == ReleaseKind.Ship
            ? $"{now.Release.Mark} from {Words.Commit(source.Commit)} ({source.Subject}), "
                + $"{now.Release.By}: {now.Release.Reason}"
            : $"back to {now.Release.Mark}, {now.Release.By}: {now.Release.Reason}";
    }

    private IEnumerable<string> Build(ReleaseAnswer now)
    {
        if (now.Release.Kind != ReleaseKind.Ship)
            yield break;
        foreach (var suite in now.Version.Suites.Skip(before?.Version.Suites.Count ?? 0))
            yield return $"{suite.Suite}: {SuiteLines.Outcome(suite)}";
        if (now.Release.Stage is { } stage && stage != before?.Release.Stage)
            yield return $"{Words.Lower(stage)} …";
        if (now.Version.Artifact is { } artifact && before?.Version.Artifact is null)
            yield return $"built {Words.Digest(artifact.Digest)}, {Words.Bytes(artifact.Bytes)}";
    }

    private IEnumerable<string> Gate(ReleaseAnswer now)
    {
        foreach (var approval in now.Release.Approvals.Skip(before?.Release.Approvals.Count ?? 0))
            yield return $"approved by {approval.By}: {approval.Reason}";
        foreach (var awaited in Awaited(now.Release).Except(before is null ? [] : Awaited(before.Release)))
            yield return awaited;
        if (now.Release.Gate.IsEmpty || before is { Release.Gate.IsEmpty: false })
            yield break;
        foreach (var control in now.Release.Gate)
            yield return $"gate {Said(control)} {control.Control}: {control.Reason}";
    }

    private static IEnumerable<string> Awaited(Release release) =>
        (release.Awaited?.Controls ?? [])
            .Where(c => c.Standing == Standing.Awaited)
            .Select(c => $"gate awaits {c.Control}: {c.Reason}" + (c.Remedy is { } remedy ? $"; {remedy}" : ""));

    private static string Said(ControlResult control) =>
        control.Standing is null
            ? control.Passed
                ? "yes"
                : "NO "
            : $"({GateLines.Said(control).Text})";

    private IEnumerable<string> Rehearsed(ReleaseAnswer now)
    {
        if (now.Release.Rehearsal is not { } rehearsal)
            yield break;
        var old = before?.Release.Rehearsal;
        if (old is null)
            yield return $"its halt is tried: nothing goes through to {now.Release.Mark} alone";
        if (rehearsal.Ended is not null && old?.Ended is null)
            yield return $"its halt: {rehearsal.Found}";
    }

    private IEnumerable<string> Place(ReleaseAnswer now)
    {
        if (before?.Release.Phase == now.Release.Phase)
            yield break;
        if (now.Release.Phase is Phase.Gating or Phase.Waiting or Phase.Starting)
            yield return $"{Words.Lower(now.Release.Phase)}: {explained = now.Explanation}";
    }

    private IEnumerable<string> Instances(ReleaseAnswer now)
    {
        var known = before?.Instances ?? [];
        foreach (var instance in now.Instances)
        {
            var old = known.FirstOrDefault(i => i.Id == instance.Id);
            if (old?.Phase != instance.Phase)
                yield return $"{instance.Id} on port {instance.Port} is {Words.Lower(instance.Phase)}"
                    + (instance.Note is { Length: > 0 } note ? $": {note}" : "");
            foreach (var broken in instance.Invariants?.Broken() ?? [])
                if (old?.Invariants?.Broken().Contains(broken) != true)
                    yield return $"{instance.Id} breaks {broken.Name}: {broken.Broken}";
        }
        foreach (var gone in known.Where(old => now.Instances.All(i => i.Id != old.Id)))
            yield return $"{gone.Id} has ended";
    }

    private IEnumerable<string> Steps(ReleaseAnswer now)
    {
        var plan = now.Version.Manifest.Rollout;
        foreach (var step in now.Release.Steps)
        {
            var old = before?.Release.Steps.ElementAtOrDefault(step.Step);
            var name =
                step.Step < plan.Steps.Count
                    ? $"{StepLines.Name(plan, step.Step)} of {plan.Steps.Count}"
                    : StepLines.Name(plan, step.Step);
            if (old is null)
            {
                (countedRequests, countedErrors) = (0, 0);
                yield return $"{name}: {step.Share} of traffic to {now.Release.Mark}";
            }
            if (step.Step == now.Release.CurrentStep && Counted(step.Total()) is { } counts)
                yield return counts + EvidenceLines.Short(now);
            if (step.Lacking is { } lacking && old?.Lacking is null)
                yield return $"{name}: {Words.Lower(lacking.Verdict)}: {lacking.Reason}";
            if (step.Advanced is { } advanced && old?.Advanced is null)
                yield return $"{name}: advanced by {advanced.By}: {advanced.Reason}";
            if (step.Reached is { } reached && old?.Reached is null)
                yield return $"{name}: {Words.Lower(reached.Verdict)}: {reached.Reason}";
        }
    }

    /// <summary>Said when the requests have doubled or an error has come: a long step gives few lines.</summary>
    private string? Counted(StepTally tally)
    {
        var candidate = tally.Candidate;
        if (candidate.Requests < Math.Max(1, 2 * countedRequests) && candidate.Errors == countedErrors)
            return null;
        (countedRequests, countedErrors) = (candidate.Requests, candidate.Errors);
        return $"  candidate {Arm(candidate)}; baseline {Arm(tally.Baseline)}";
    }

    private static string Arm(ArmTally arm) =>
        $"{Words.Count(arm.Requests, "request")}, {Words.Count(arm.Errors, "error")} "
        + $"({Words.Rate(arm.Errors, arm.Requests)})";

    /// <summary>Why it does not move, where nothing else was said and more than numbers has changed.</summary>
    private IEnumerable<string> Explained(ReleaseAnswer now, bool said)
    {
        if (said || now.Release.Phase == Phase.Ended || WithoutNumbers(now.Explanation) == WithoutNumbers(explained))
            yield break;
        explained = now.Explanation;
        yield return explained;
    }

    private static string WithoutNumbers(string text) => string.Concat(text.Where(c => !char.IsAsciiDigit(c)));
}

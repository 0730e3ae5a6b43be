using Mintmark.Releases;

namespace Mintmark.Build;

internal static class RolloutReader
{
    private const string Accepted =
        "a list of steps with rising shares, such as [ { share: 5%, requests: 500 }, { share: 50%, requests: 2000 } ]";

    private const string AcceptedProbes = "a list of 1 to 10 probes, such as [ { path: /accounts/demo, expect: 200 } ]";

    public static RolloutPlan Read(
        Section rollout,
        ProblemList problems,
        RolloutPlan fallback,
        int mostSteps,
        ServiceName service
    )
    {
        var plan = new RolloutPlan(
            Steps(rollout, problems, mostSteps, service) ?? fallback.Steps,
            rollout.Optional("false-rollback", Fields.FalseRollback, fallback.FalseRollback),
            rollout.Optional("tolerated-ratio", Fields.ToleratedRatio, fallback.ToleratedRatio),
            rollout.Optional("guard", Fields.Seconds(0, 7 * 86_400), fallback.GuardSeconds),
            rollout.Optional("without-evidence", Fields.WithoutEvidence, fallback.WithoutEvidence),
            rollout.Optional("patience", Fields.Seconds(1, 7 * 86_400), fallback.PatienceSeconds!.Value),
            rollout.Optional("assignment", Fields.Assignment, fallback.Assignment),
            rollout.Optional("holdback", Fields.Holdback, fallback.Holdback!.Value),
            Probes(rollout, problems),
            rollout.Find("by-name") is null ? null : rollout.Required("by-name", Fields.YesOrNo),
            ShadowReader.Read(rollout, problems),
            rollout.Optional(
                "tolerated-delay",
                Fields.Milliseconds(0, 60_000),
                fallback.ToleratedDelayMilliseconds!.Value
            ),
            rollout.Optional("warm-up", Fields.Seconds(0, 600), fallback.WarmUpSeconds!.Value)
        );
        if (plan.WithoutEvidence == WithoutEvidence.Probe && rollout.Find("probes") is null)
        {
            problems.Add(
                rollout.Find("without-evidence")!,
                rollout.Path("without-evidence"),
                $"found probe, and no rollout.probes to send; accepted there: {AcceptedProbes}"
            );
        }
        if (plan.WithoutEvidence != WithoutEvidence.Probe && rollout.Find("probes") is { } unused)
            problems.Add(unused, rollout.Path("probes"), "nobody sends them; accepted: with without-evidence: probe");
        return plan;
    }

    private static List<Probe>? Probes(Section rollout, ProblemList problems)
    {
        if (rollout.Items("probes", AcceptedProbes) is not { } items)
            return null;
        if (items.Count == 0 && rollout.Find("probes") is YamlNode.Sequence none)
            problems.Add(none, rollout.Path("probes"), $"found no probe; accepted: {AcceptedProbes}");
        if (items.Count > Probe.MostDeclared)
        {
            var found = $"found {items.Count}; accepted: {AcceptedProbes}";
            problems.Add(items[Probe.MostDeclared].Node, rollout.Path("probes"), found);
        }
        var probes = new List<Probe>();
        foreach (var (node, path) in items)
        {
            if (node is not YamlNode.Mapping mapping)
            {
                problems.Add(node, path, $"found {node.Describe()}; accepted: a mapping with path, expect");
                continue;
            }
            var section = new Section(problems, mapping, path, "rollout.probes[]", ManifestKeys.In);
            var expected = Fields.Count(Probe.LeastExpected, Probe.MostExpected);
            probes.Add(new(section.Required("path", Fields.UrlPath), section.Optional("expect", expected, 200)));
        }
        return probes;
    }

    private static List<StepPlan>? Steps(Section rollout, ProblemList problems, int most, ServiceName service)
    {
        if (rollout.Items("steps", Accepted) is not { } items)
            return null;
        if (items.Count == 0 && rollout.Find("steps") is YamlNode.Sequence none)
            problems.Add(none, rollout.Path("steps"), $"found no step; accepted: {Accepted}");
        if (items.Count > most)
            problems.Add(items[most].Node, rollout.Path("steps"), $"found {items.Count} steps; accepted: up to {most}");
        var steps = new List<StepPlan>();
        foreach (var (node, path) in items)
        {
            if (node is not YamlNode.Mapping mapping)
            {
                problems.Add(node, path, $"found {node.Describe()}; accepted: a mapping with share, requests");
                continue;
            }
            var section = new Section(problems, mapping, path, "rollout.steps[]", ManifestKeys.In);
            var step = new StepPlan(
                section.Required("share", Fields.Share),
                section.Required("requests", Fields.Count(1, 1_000_000_000)),
                section.Optional("value", Fields.Value!, null)
            )
            {
                Guests = GuestsReader.Read(section, problems, service),
            };
            if (steps.Count > 0 && step.Share.BasisPoints > 0 && step.Share.CompareTo(steps[^1].Share) <= 0)
            {
                problems.Add(
                    section.Find("share")!,
                    section.Path("share"),
                    $"found {Quantity.Percent(step.Share.BasisPoints)} after "
                        + $"{Quantity.Percent(steps[^1].Share.BasisPoints)}; accepted: shares that rise"
                );
            }
            steps.Add(step);
        }
        return steps;
    }
}

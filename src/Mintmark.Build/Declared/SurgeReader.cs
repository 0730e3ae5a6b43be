using Mintmark.Releases;

namespace Mintmark.Build;

internal static class SurgeReader
{
    private static readonly string Accepted =
        $"a list of at most {SurgePlan.MostPriorities} rules, such as [ {{ path: /payments, priority: high }} ]";

    public static SurgePlan Read(Section surge, ProblemList problems) =>
        new(
            surge.Optional("client", SurgeFields.Rate!, null),
            surge.Optional("service", SurgeFields.Rate!, null),
            surge.Optional("concurrency", SurgeFields.Concurrency, Concurrency.Unlimited),
            Priorities(surge, problems)
        );

    private static List<PriorityRule>? Priorities(Section surge, ProblemList problems)
    {
        if (surge.Items("priorities", Accepted) is not { } items)
            return null;
        if (items.Count > SurgePlan.MostPriorities)
        {
            var found = $"found {items.Count}; accepted: {Accepted}";
            problems.Add(items[SurgePlan.MostPriorities].Node, surge.Path("priorities"), found);
        }
        var rules = new List<PriorityRule>();
        foreach (var (node, path) in items)
        {
            if (node is not YamlNode.Mapping mapping)
            {
                problems.Add(node, path, $"found {node.Describe()}; accepted: a mapping with path, priority, method");
                continue;
            }
            var rule = new Section(problems, mapping, path, "surge.priorities[]", ManifestKeys.In);
            rules.Add(
                new(
                    rule.Required("path", SurgeFields.Prefix),
                    rule.Required("priority", SurgeFields.Priority),
                    rule.Optional("method", SurgeFields.Method!, null)
                )
            );
        }
        return rules;
    }
}

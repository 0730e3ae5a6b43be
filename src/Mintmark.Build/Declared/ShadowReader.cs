using Mintmark.Releases;

namespace Mintmark.Build;

internal static class ShadowReader
{
    private const int UsualRequests = 500;
    private const int UsualSeconds = 600;

    /// <returns>Null where the rollout has none.</returns>
    public static ShadowPlan? Read(Section rollout, ProblemList problems)
    {
        if (rollout.Find("shadow") is null)
            return null;
        var shadow = rollout.Required("shadow");
        return new ShadowPlan(
            shadow.Optional("share", Fields.ShadowShare, new Share(Share.Whole)),
            shadow.Optional("requests", Fields.Count(1, 1_000_000_000), UsualRequests),
            shadow.Optional("within", Fields.Seconds(1, 7 * 86_400), UsualSeconds),
            List(shadow, "methods", SurgeFields.Method, ShadowPlan.MostMethods, "[GET, HEAD, POST]", problems)
                ?? ShadowPlan.SafeMethods,
            List(shadow, "paths", SurgeFields.Prefix, ShadowPlan.MostPaths, "[/quotes]", problems)
        );
    }

    private static IReadOnlyList<string>? List(
        Section shadow,
        string key,
        Field<string> field,
        int most,
        string example,
        ProblemList problems
    )
    {
        var accepted = $"a list of 1 to {most}, such as {example}";
        if (shadow.Items(key, accepted) is not { } items)
            return null;
        if (items.Count == 0 && shadow.Find(key) is YamlNode.Sequence none)
            problems.Add(none, shadow.Path(key), $"found none; accepted: {accepted}");
        if (items.Count > most)
            problems.Add(items[most].Node, shadow.Path(key), $"found {items.Count}; accepted: {accepted}");
        // What could not be read is null, and ends in an exception.
        return [.. items.Select(item => problems.Read(item.Node, item.Path, field)).OfType<string>()];
    }
}

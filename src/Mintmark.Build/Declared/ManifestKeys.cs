namespace Mintmark.Build;

/// <summary>Every key that a manifest may have, by the mapping that it stands in.</summary>
public static class ManifestKeys
{
    public const string Root = "";

    public static readonly IReadOnlyDictionary<string, IReadOnlyList<string>> In = new Dictionary<
        string,
        IReadOnlyList<string>
    >
    {
        [Root] =
        [
            "name",
            "profile",
            "build",
            "suites",
            "run",
            "health",
            "invariants",
            "signals",
            "hosts",
            "configuration",
            "requirements",
            "rollout",
            "surge",
            "timeouts",
            "halt",
            "database",
            "validation",
            "secrets",
        ],
        ["build"] = ["run", "timeout", "reproducible"],
        ["suites"] = ["smoke", "full"],
        ["suites.smoke"] = ["run", "results", "timeout"],
        ["suites.full"] = ["run", "results", "timeout"],
        ["run"] = ["command", "memory", "files", "protocol", "instances"],
        ["health"] = ["path", "within"],
        ["requirements"] = ["file", "pattern", "trailers", "cases"],
        ["requirements.cases"] = ["file", "names"],
        ["rollout"] =
        [
            "steps",
            "false-rollback",
            "tolerated-ratio",
            "tolerated-delay",
            "warm-up",
            "guard",
            "without-evidence",
            "patience",
            "holdback",
            "assignment",
            "probes",
            "by-name",
            "shadow",
        ],
        ["timeouts"] = ["connect", "headers", "idle", "total"],
        ["halt"] = ["in-flight"],
        ["database"] = ["version", "works-with"],
        ["validation"] = ["report"],
        ["secrets"] = ["allow"],
        ["secrets.allow[]"] = ["file", "kind", "reason"],
        ["rollout.shadow"] = ["share", "requests", "within", "methods", "paths"],
        ["rollout.probes[]"] = ["path", "expect"],
        ["rollout.steps[]"] = ["share", "requests", "value", "clients", "cohorts"],
        ["surge"] = ["client", "service", "concurrency", "priorities"],
        ["surge.priorities[]"] = ["path", "priority", "method"],
    };
}

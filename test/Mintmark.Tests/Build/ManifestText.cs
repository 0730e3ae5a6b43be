using Mintmark.Build;
using Mintmark.Releases;
using Mintmark.Yaml;
using Xunit;

namespace Mintmark.Tests.Build;

static class ManifestText
{
    public const string Good = """
        name: bank
        profile: consumer-banking
        build: { run: make "$OUT", timeout: 20m }
        suites:
          smoke: { run: make smoke, results: test-results/smoke.xml, timeout: 90s }
          full:  { run: make full, results: test-results/full.xml, timeout: 1h }
        run: { command: ./bank, memory: 1G, files: 2048 }
        health: { path: /health, within: 45s }
        invariants: /invariants
        configuration: [config/bank.json, limits.txt]
        rollout:
          steps: [ { share: 0.5%, requests: 100 }, { share: 50%, requests: 2000 } ]
          false-rollback: 0.001
          tolerated-ratio: 1.5
          guard: 1d
        """;

    public static Manifest Parse(string yaml) => ManifestFile.Parse(yaml, "mint.yaml");

    public static IReadOnlyList<DeclaredProblem> Problems(string yaml) =>
        Assert.Throws<ManifestException>(() => Parse(yaml)).Problems;

    public static string Problem(string yaml) => Assert.Single(Problems(yaml)).ToString();
}

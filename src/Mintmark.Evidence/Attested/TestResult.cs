using System.Text.Json.Nodes;
using Mintmark.Releases;

namespace Mintmark.Evidence;

/// <summary>What one suite came to: in-toto's test-result v0.1.</summary>
internal static class TestResult
{
    public const string PredicateType = "https://in-toto.io/attestation/test-result/v0.1";

    public static string FileName(string suite) => $"test-{suite}.intoto.json";

    public static JsonObject Of(BuiltVersion version, SuiteResult suite) =>
        Statement.Of(
            version.Mark,
            version.Artifact,
            PredicateType,
            new JsonObject
            {
                ["result"] = suite is { Failed: 0, Passed: > 0 } ? "PASSED" : "FAILED",
                ["configuration"] = Statement.List([
                    new JsonObject
                    {
                        ["name"] = $"mint.yaml#suites.{suite.Suite}",
                        ["digest"] = new JsonObject { ["gitCommit"] = version.Source.Commit },
                    },
                ]),
                ["failedTests"] = Statement.Texts(suite.FailedCases),
                ["mintmark"] = new JsonObject
                {
                    ["suite"] = suite.Suite,
                    ["passed"] = suite.Passed,
                    ["failed"] = suite.Failed,
                    ["skipped"] = suite.Skipped,
                    ["results"] = Statement.Digest(suite.ResultsDigest),
                },
            }
        );
}

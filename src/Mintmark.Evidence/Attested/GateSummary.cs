using System.Text.Json.Nodes;
using Mintmark.Log;
using Mintmark.Releases;

namespace Mintmark.Evidence;

/// <summary>
/// A gate's decision as SLSA's verification summary (slsa.dev/spec/v1.0/verification_summary), with the policy that it
/// was decided by and the evidence that it was given.
/// </summary>
internal static class GateSummary
{
    public const string FileName = "gate.intoto.json";
    public const string PolicyName = "policy.json";
    public const string PredicateType = "https://slsa.dev/verification_summary/v1";

    /// <summary>
    /// The line of business and the controls that a version was held to, where the gate did not say by which policy:
    /// canonical JSON. Where it did, the policy itself is kept under its digest.
    /// </summary>
    public static byte[] Policy(Manifest manifest, Event.GateDecided decided) =>
        CanonicalJson.Canonicalize(
            EvidenceJson.Bytes(
                new JsonObject
                {
                    ["profile"] = manifest.Profile,
                    ["controls"] = Statement.Texts(decided.Controls.Select(c => c.Control)),
                }
            )
        );

    /// <param name="inputs">What the gate was given.</param>
    public static JsonObject Of(
        Mark mark,
        Artifact artifact,
        Event.GateDecided decided,
        DateTimeOffset at,
        EvidenceFile policy,
        IEnumerable<EvidenceFile> inputs
    )
    {
        var passed = Passed(decided);
        return Statement.Of(
            mark,
            artifact,
            PredicateType,
            new JsonObject
            {
                ["verifier"] = new JsonObject { ["id"] = "urn:mintmark:gate" },
                ["timeVerified"] = Statement.Time(at),
                ["resourceUri"] = Purl.Oci($"{mark.Service}", artifact.Digest),
                ["policy"] = Descriptor(policy),
                ["inputAttestations"] = Statement.List(inputs.Select(Descriptor)),
                ["verificationResult"] = passed ? "PASSED" : "FAILED",
                ["verifiedLevels"] = Statement.Texts([passed ? "SLSA_BUILD_LEVEL_1" : "FAILED"]),
                ["slsaVersion"] = "1.0",
                ["mintmark"] = new JsonObject
                {
                    ["controls"] = Statement.List(
                        decided.Controls.Select(c => new JsonObject
                        {
                            ["control"] = c.Control,
                            ["passed"] = c.Passed,
                            ["reason"] = c.Reason,
                            ["standing"] = c.Standing is { } standing ? Kebab(standing) : null,
                        })
                    ),
                },
            }
        );
    }

    public static bool Passed(Event.GateDecided decided) => !decided.Controls.Any(c => c.Refuses);

    private static string Kebab(Standing standing) =>
        System.Text.Json.JsonNamingPolicy.KebabCaseLower.ConvertName($"{standing}");

    private static JsonObject Descriptor(EvidenceFile file) =>
        new() { ["uri"] = $"urn:mintmark:evidence:{file.Name}", ["digest"] = Statement.Digest(file.Digest) };
}

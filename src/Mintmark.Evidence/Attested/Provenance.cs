using System.Text.Json.Nodes;
using Mintmark.Releases;

namespace Mintmark.Evidence;

/// <summary>How a version was made: SLSA provenance v1 (slsa.dev/spec/v1.0/provenance).</summary>
internal static class Provenance
{
    public const string FileName = "provenance.intoto.json";
    public const string PredicateType = "https://slsa.dev/provenance/v1";

    /// <summary>docs/evidence.md says what the parameters of such a build mean.</summary>
    public const string BuildType = "urn:mintmark:build:1";

    public static JsonObject Of(BuiltVersion version, Materials materials, EvidenceFile sbom, string builder) =>
        Statement.Of(
            version.Mark,
            version.Artifact,
            PredicateType,
            new JsonObject
            {
                ["buildDefinition"] = new JsonObject
                {
                    ["buildType"] = BuildType,
                    ["externalParameters"] = new JsonObject
                    {
                        ["commit"] = version.Source.Commit,
                        ["mark"] = $"{version.Mark}",
                        ["build"] = version.Manifest.Build.Command,
                        ["configuration"] = Statement.Texts(version.Manifest.Configuration),
                    },
                    ["internalParameters"] = new JsonObject(),
                    ["resolvedDependencies"] = Statement.List([
                        Commit(version.Source),
                        .. version.Artifact.Tools.Select(Tool),
                        .. materials.Components.Values.Select(Component),
                    ]),
                },
                ["runDetails"] = new JsonObject
                {
                    ["builder"] = new JsonObject { ["id"] = $"urn:mintmark:builder:{builder}" },
                    ["metadata"] = new JsonObject
                    {
                        ["invocationId"] = $"{version.Release}",
                        ["startedOn"] = Statement.Time(version.StartedAt),
                        ["finishedOn"] = Statement.Time(version.Artifact.BuiltAt),
                    },
                    ["byproducts"] = Statement.List([
                        Byproduct(sbom.Name, sbom.Digest),
                        .. version.Suites.Select(s => Byproduct($"results-{s.Suite}.xml", s.ResultsDigest)),
                    ]),
                },
            }
        );

    private static JsonObject Commit(Source source) =>
        new()
        {
            ["name"] = "source",
            ["digest"] = new JsonObject { ["gitCommit"] = source.Commit, ["gitTree"] = source.Tree },
        };

    private static JsonObject Tool(Tool tool)
    {
        var json = new JsonObject
        {
            ["name"] = tool.Name,
            ["uri"] = $"urn:mintmark:tool:{tool.Name}",
            ["annotations"] = new JsonObject { ["version"] = tool.Version },
        };
        if (tool.Digest is { } digest)
            json["digest"] = Statement.Digest(digest);
        return json;
    }

    private static JsonObject Component(Component component)
    {
        var json = new JsonObject { ["uri"] = component.Purl };
        // A digest of each kind: where a file lists several of one kind, they are of other forms of the package.
        var digests = component.Hashes.GroupBy(h => h.Algorithm).Where(g => g.Count() == 1).Select(g => g.Single());
        var digest = new JsonObject();
        foreach (var hash in digests)
            digest[hash.Algorithm.Replace("-", "", StringComparison.Ordinal).ToLowerInvariant()] = hash.Hex;
        if (digest.Count > 0)
            json["digest"] = digest;
        return json;
    }

    private static JsonObject Byproduct(string name, string digest) =>
        new() { ["name"] = name, ["digest"] = Statement.Digest(digest) };
}

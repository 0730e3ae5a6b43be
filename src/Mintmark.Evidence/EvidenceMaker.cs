using Mintmark.Log;
using Mintmark.Releases;

namespace Mintmark.Evidence;

/// <summary>Makes the evidence of a build and keeps it beside the artifact, each file under its digest.</summary>
/// <param name="key">The builder's; not owned.</param>
public sealed class EvidenceMaker(KeptBodies kept, StatementKey key, AdvisoryPlace advisories)
{
    /// <exception cref="LogStorageException">It cannot be kept.</exception>
    /// <exception cref="MaterialsException">An advisory or a statement about one is damaged.</exception>
    public BuildEvidence Make(BuiltVersion version, Materials materials, SourceLinks links)
    {
        var sbom = Keep(Sbom.FileName, Sbom.Write(version, materials));
        var audit = advisories.Audit(materials.Components.Keys, version.Artifact.BuiltAt);
        var provenance = Provenance.Of(version, materials, sbom, Dsse.KeyId(key.PublicKey));
        return new(
            [
                sbom,
                Keep(Provenance.FileName, Dsse.Seal(provenance, key)),
                Keep(SourceStatement.FileName, Dsse.Seal(SourceStatement.Of(version, links), key)),
                .. audit is null ? [] : new[] { Keep(ComponentAudit.FileName, audit.ToJson()) },
                .. version.Suites.Select(s =>
                    Keep(TestResult.FileName(s.Suite), Dsse.Seal(TestResult.Of(version, s), key))
                ),
            ],
            materials.Count,
            [.. materials.NotCovered.Take(BuildEvidence.MostNotCovered).Select(Shorten)],
            Convert.ToBase64String(key.PublicKey),
            links.Summary(),
            audit?.Summary()
        );
    }

    private EvidenceFile Keep(string name, byte[] content) => new(name, $"sha256:{kept.Keep(content)}", content.Length);

    private static string Shorten(string text) => text.Length <= 200 ? text : text[..199] + "…";
}

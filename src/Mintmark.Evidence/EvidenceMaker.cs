using Mintmark.Log;
using Mintmark.Releases;

namespace Mintmark.Evidence;

/// <summary>Makes the evidence of a build and keeps it beside the artifact, each file under its digest.</summary>
/// <param name="key">The builder's; not owned.</param>
/// <param name="books">Null keeps no test cases.</param>
/// <param name="support">Null asks the table that comes with this program.</param>
public sealed class EvidenceMaker(
    KeptBodies kept,
    StatementKey key,
    AdvisoryPlace advisories,
    CaseBooks? books = null,
    SupportPlace? support = null
)
{
    /// <exception cref="LogStorageException">It cannot be kept.</exception>
    /// <exception cref="MaterialsException">An advisory or a statement about one, the table of support, or a file
    /// about test cases is damaged.</exception>
    public BuildEvidence Make(BuiltVersion version, Materials materials, SourceLinks links)
    {
        var sbom = Keep(Sbom.FileName, Sbom.Write(version, materials));
        var audit = advisories.Audit(materials.Components.Keys, version.Artifact.BuiltAt);
        var table = support?.Table() ?? SupportTable.Shipped;
        var book = books?.Next(version, links);
        var provenance = Provenance.Of(version, materials, sbom, Dsse.KeyId(key.PublicKey));
        return new(
            [
                sbom,
                Keep(Provenance.FileName, Dsse.Seal(provenance, key)),
                Keep(SourceStatement.FileName, Dsse.Seal(SourceStatement.Of(version, links), key)),
                .. audit is null ? [] : new[] { Keep(ComponentAudit.FileName, audit.ToJson()) },
                .. book is null ? [] : new[] { Keep(CaseBook.FileName, book.ToJson()) },
                .. version.Suites.Select(s =>
                    Keep(TestResult.FileName(s.Suite), Dsse.Seal(TestResult.Of(version, s), key))
                ),
            ],
            materials.Count,
            [.. materials.NotCovered.Take(BuildEvidence.MostNotCovered).Select(Shorten)],
            Convert.ToBase64String(key.PublicKey),
            links.Summary(),
            audit?.Summary(),
            book is null ? null : books!.Summary(book),
            table.Summary(
                [
                    .. version.Artifact.Tools.Select(SupportedPart.Of),
                    .. materials.Systems.Select(s => SupportedPart.OfSystem(s.Id, s.Version)),
                    .. materials.Components.Keys.Select(SupportedPart.OfPurl).OfType<SupportedPart>(),
                ],
                version.Artifact.BuiltAt
            )
        );
    }

    private EvidenceFile Keep(string name, byte[] content) => new(name, $"sha256:{kept.Keep(content)}", content.Length);

    private static string Shorten(string text) => text.Length <= 200 ? text : text[..199] + "…";
}

using Mintmark.Log;
using Mintmark.Releases;

namespace Mintmark.Evidence;

/// <summary>Makes the evidence of a build and keeps it beside the artifact, each file under its digest.</summary>
public sealed class EvidenceMaker(KeptBodies kept)
{
    /// <exception cref="LogStorageException">It cannot be kept.</exception>
    public BuildEvidence Make(BuiltVersion version, Materials materials) =>
        new(
            [Keep(Sbom.FileName, Sbom.Write(version, materials))],
            materials.Count,
            [.. materials.NotCovered.Take(BuildEvidence.MostNotCovered).Select(Shorten)]
        );

    private EvidenceFile Keep(string name, byte[] content) => new(name, $"sha256:{kept.Keep(content)}", content.Length);

    private static string Shorten(string text) => text.Length <= 200 ? text : text[..199] + "…";
}

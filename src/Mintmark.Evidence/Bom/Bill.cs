using Mintmark.Log;
using Mintmark.Releases;

namespace Mintmark.Evidence;

/// <summary>A bill of materials as it is read again.</summary>
/// <param name="Purls">Of its packages.</param>
/// <param name="Systems">Operating systems: id and version.</param>
/// <param name="NotCovered">What nobody could list.</param>
public sealed record Bill(
    IReadOnlyList<string> Purls,
    IReadOnlyList<(string Id, string Version)> Systems,
    IReadOnlyList<string> NotCovered
)
{
    public static readonly Bill Empty = new([], [], []);

    /// <summary>What the table of support is asked for.</summary>
    public IEnumerable<SupportedPart> Parts() =>
        Systems
            .Select(s => SupportedPart.OfSystem(s.Id, s.Version))
            .Concat(Purls.Select(SupportedPart.OfPurl).OfType<SupportedPart>());

    /// <summary>Null where it is not kept any more, of which nobody can say that nothing is known against it.</summary>
    /// <exception cref="MaterialsException">It is none.</exception>
    public static Bill? Kept(KeptBodies kept, EvidenceFile sbom) =>
        kept.Read(Hash.Parse(sbom.Digest["sha256:".Length..])) is { } bytes ? Read(sbom.Name, bytes) : null;

    public static string Missing(EvidenceFile sbom) =>
        $"its bill of materials is not there: restore evidence/{sbom.Digest["sha256:".Length..]} of the home";

    /// <exception cref="MaterialsException">It is none.</exception>
    public static Bill Read(string name, byte[] bytes)
    {
        var root = Json.Parse(name, bytes);
        var (purls, systems) = (new List<string>(), new List<(string, string)>());
        foreach (var component in root.Require("components").Items())
        {
            if (component.Require("type").Text() == Sbom.SystemType)
                systems.Add((component.Require("name").Text(), component.Require("version").Text()));
            else
                purls.Add(component.Require("purl").Text());
        }
        var left = (root.Require("metadata").Find("properties")?.Items() ?? [])
            .Where(p => p.Require("name").Text() == Sbom.NotCovered)
            .Select(p => p.Require("value").Text());
        return new Bill(purls, systems, [.. left]);
    }
}

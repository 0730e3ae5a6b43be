using Mintmark.Build;
using Mintmark.Evidence;
using Mintmark.Releases;

namespace Mintmark.Server;

/// <summary>Where the build meets what makes its evidence.</summary>
internal static class Evidencing
{
    public static MakeEvidence Begin(
        EvidenceMaker maker,
        IEnumerable<BuiltFile> files,
        SourceFacts source,
        Manifest manifest
    )
    {
        try
        {
            var materials = MaterialsFolder.Read(files);
            var links = SourceLinks.Of(source, manifest.Requirements);
            return version => maker.Make(version, materials, links);
        }
        catch (MaterialsException damaged)
        {
            throw new StageFailedException(
                $"where it comes from and what it is made of cannot be told: {damaged.Message}"
            );
        }
    }
}

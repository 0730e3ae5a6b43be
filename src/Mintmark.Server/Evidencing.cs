using Mintmark.Build;
using Mintmark.Evidence;
using Mintmark.Releases;

namespace Mintmark.Server;

/// <summary>Where the build meets what makes its evidence.</summary>
internal static class Evidencing
{
    public static MakeEvidence Begin(EvidenceMaker maker, IEnumerable<BuiltFile> files)
    {
        try
        {
            var materials = MaterialsFolder.Read(files);
            return version => maker.Make(version, materials);
        }
        catch (MaterialsException damaged)
        {
            throw new StageFailedException($"what it is made of cannot be told: {damaged.Message}");
        }
    }
}

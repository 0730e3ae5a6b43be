using Mintmark.Build;
using Mintmark.Evidence;
using Mintmark.Releases;

namespace Mintmark.Server;

/// <summary>Where the build meets what makes its evidence.</summary>
internal static class Evidencing
{
    public static MakeEvidence Begin(
        EvidenceMaker maker,
        Func<SourceFacts, (IReadOnlyList<PersonName> Persons, int Unknown)?> authors,
        IEnumerable<BuiltFile> files,
        SourceFacts source,
        Manifest manifest
    )
    {
        const string wrong = "where it comes from and what it is made of cannot be told";
        var (materials, links) = Told(
            wrong,
            () => (MaterialsFolder.Read(files), SourceLinks.Of(source, manifest.Requirements))
        );
        var secrets = SecretScan.Of(files, manifest);
        var validation = Told("its model's validation cannot be told", () => ValidationReport.Of(files, manifest));
        return version =>
        {
            var made = Told("its components cannot be audited", () => maker.Make(version, materials, links));
            var written = authors(source);
            return made with
            {
                Source = made.Source! with
                {
                    Authors = written?.Persons,
                    UnknownAuthors = written?.Unknown,
                    ChangedConfiguration = source.ChangedConfiguration,
                },
                Secrets = secrets,
                Validation = validation,
            };
        };
    }

    private static T Told<T>(string wrong, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (MaterialsException damaged)
        {
            throw new StageFailedException($"{wrong}: {damaged.Message}");
        }
    }
}

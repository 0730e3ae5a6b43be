using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;

namespace Mintmark.Evidence;

/// <summary>All advisories as they were at one moment, from a folder or zip file that the team named.</summary>
public sealed class AdvisorySnapshot
{
    private const long LargestFile = 4L << 20;
    private const int MostFiles = 1_000_000;
    private const int Batch = 4_096;

    private readonly Dictionary<PackageKey, List<(Advisory Advisory, Affected Affected)>> byPackage = [];

    private AdvisorySnapshot() { }

    /// <summary>Over names and contents of all files, in order: two of one digest say the same.</summary>
    public string Digest { get; private set; } = "";

    /// <summary>Files that were read.</summary>
    public int Files { get; private set; }

    /// <summary>Advisories about packages of ecosystems that are matched here.</summary>
    public int Advisories { get; private set; }

    /// <summary>Files of a folder whose names end in .json, or of a zip file, as OSV hands them out.</summary>
    /// <exception cref="MaterialsException">One of them is no advisory.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static AdvisorySnapshot Load(string path) => Directory.Exists(path) ? OfFolder(path) : OfZip(path);

    /// <summary>What is known against a package of a version.</summary>
    public IEnumerable<Finding> Find(string purl)
    {
        if (
            AuditedPackage.OfPurl(purl) is not { } package
            || VersionOrder.Of(package.Key.Ecosystem) is not { } order
            || !byPackage.TryGetValue(package.Key, out var candidates)
        )
            yield break;
        foreach (var (advisory, affected) in candidates)
            if (affected.Has(package.Version, order))
                yield return new Finding(purl, advisory.Id, advisory.Aliases, advisory.Summary, advisory.Known);
    }

    private static AdvisorySnapshot OfFolder(string folder)
    {
        var files = Directory
            .EnumerateFiles(folder, "*.json", SearchOption.AllDirectories)
            .Select(f => Path.GetRelativePath(folder, f))
            .Order(StringComparer.Ordinal)
            .Select(name => (name, Content(name, new FileInfo(Path.Combine(folder, name)))));
        return Of(files);
    }

    private static AdvisorySnapshot OfZip(string path)
    {
        try
        {
            using var zip = ZipFile.OpenRead(path);
            var entries = zip.Entries.Where(e => e.Name.EndsWith(".json", StringComparison.OrdinalIgnoreCase));
            var buffer = new MemoryStream();
            return Of(
                entries.OrderBy(e => e.FullName, StringComparer.Ordinal).Select(e => (e.FullName, Content(e, buffer)))
            );
        }
        catch (InvalidDataException damaged)
        {
            throw new MaterialsException(Path.GetFileName(path), "as a whole", $"no zip file: {damaged.Message}");
        }
    }

    private static AdvisorySnapshot Of(IEnumerable<(string Name, byte[] Content)> files)
    {
        var snapshot = new AdvisorySnapshot();
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var batch in files.Chunk(Batch))
        {
            foreach (var (name, content) in batch)
            {
                if (++snapshot.Files > MostFiles)
                    throw new MaterialsException(name, "as a whole", $"there are more than {MostFiles} files");
                hash.AppendData(SHA256.HashData(Encoding.UTF8.GetBytes(name)));
                hash.AppendData(SHA256.HashData(content));
            }
            foreach (var advisory in Parsed(batch))
                snapshot.Add(advisory);
        }
        snapshot.Digest = $"sha256:{Convert.ToHexStringLower(hash.GetHashAndReset())}";
        return snapshot;
    }

    /// <summary>In the order of the files, by all processors: most of the time of loading goes into this.</summary>
    private static IReadOnlyList<Advisory> Parsed((string Name, byte[] Content)[] batch)
    {
        try
        {
            return
            [
                .. batch
                    .AsParallel()
                    .AsOrdered()
                    .Select(file => AdvisoryReader.Read(file.Name, file.Content))
                    .OfType<Advisory>(),
            ];
        }
        catch (AggregateException)
        {
            // Several may be damaged: the first by name is the one to tell of, whoever came first.
            return [.. batch.Select(file => AdvisoryReader.Read(file.Name, file.Content)).OfType<Advisory>()];
        }
    }

    private void Add(Advisory advisory)
    {
        Advisories++;
        foreach (var affected in advisory.Affected)
        {
            var key = new PackageKey(affected.Ecosystem, affected.Package);
            if (!byPackage.TryGetValue(key, out var about))
                byPackage[key] = about = [];
            about.Add((advisory, affected));
        }
    }

    private static byte[] Content(string name, FileInfo file) =>
        file.Length <= LargestFile ? File.ReadAllBytes(file.FullName) : throw TooLarge(name);

    /// <summary>What a zip file says of lengths is a claim: reading stops where it turns out larger.</summary>
    private static byte[] Content(ZipArchiveEntry entry, MemoryStream buffer)
    {
        buffer.SetLength(0);
        using var stream = entry.Open();
        Span<byte> piece = stackalloc byte[8 * 1024];
        int read;
        while ((read = stream.Read(piece)) > 0)
        {
            buffer.Write(piece[..read]);
            if (buffer.Length > LargestFile)
                throw TooLarge(entry.FullName);
        }
        return buffer.ToArray();
    }

    private static MaterialsException TooLarge(string name) =>
        new(name, "as a whole", $"accepted: advisories of up to {LargestFile} bytes");
}

/// <summary>An advisory that is about a package of a version.</summary>
/// <param name="Known">Since when, as the advisory says.</param>
public sealed record Finding(
    string Purl,
    string Advisory,
    IReadOnlyList<string> Aliases,
    string Summary,
    DateTimeOffset Known
);

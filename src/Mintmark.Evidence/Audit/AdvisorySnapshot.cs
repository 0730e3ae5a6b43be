using System.Security.Cryptography;
using System.Text;

namespace Mintmark.Evidence;

/// <summary>All advisories as they were at one moment, from folders or zip files that the team named.</summary>
public sealed class AdvisorySnapshot
{
    private const int MostFiles = 1_000_000;
    private const int Batch = 1_024;

    private readonly Dictionary<PackageKey, List<(Advisory Advisory, Affected Affected)>> byPackage = [];

    private AdvisorySnapshot() { }

    /// <summary>Over names and contents of all files, in order: two of one digest say the same.</summary>
    public string Digest { get; private set; } = "";

    /// <summary>Files that were read.</summary>
    public int Files { get; private set; }

    /// <summary>Advisories about packages of ecosystems that are matched here.</summary>
    public int Advisories { get; private set; }

    /// <summary>Files of folders whose names end in .json, or of zip files, as OSV hands them out.</summary>
    /// <exception cref="MaterialsException">One of them is no advisory.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static AdvisorySnapshot Load(params IReadOnlyList<string> paths)
    {
        var snapshot = new AdvisorySnapshot();
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var path in paths)
        {
            var source = AdvisorySource.Of(path);
            snapshot.Files += source.Names.Count;
            if (snapshot.Files > MostFiles)
                throw new MaterialsException(path, "as a whole", $"there are more than {MostFiles} files");
            foreach (var read in Read(source))
            {
                hash.AppendData(read.Digests);
                if (read.Advisory is { } advisory)
                    snapshot.Add(advisory);
            }
        }
        snapshot.Digest = $"sha256:{Convert.ToHexStringLower(hash.GetHashAndReset())}";
        return snapshot;
    }

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
                yield return new Finding(
                    purl,
                    advisory.Id,
                    advisory.Aliases,
                    advisory.Summary,
                    advisory.Known,
                    affected.Severity.Within(advisory.Severity)
                );
    }

    /// <summary>
    /// By all processors, each with the source opened for itself: they take batches in order, so that where one is
    /// damaged all before it were read, and the first by name is the one to tell of, whoever came first.
    /// </summary>
    private static (byte[] Digests, Advisory? Advisory)[] Read(AdvisorySource source)
    {
        var read = new (byte[], Advisory?)[source.Names.Count];
        var (next, damaged) = (-Batch, new SortedDictionary<int, Exception>());
        Parallel.For(
            0,
            Math.Clamp((read.Length + Batch - 1) / Batch, 1, Environment.ProcessorCount),
            _ =>
            {
                using var opened = source.Open();
                int from;
                while ((from = Interlocked.Add(ref next, Batch)) < read.Length && !Stopped(from))
                    ReadBatch(opened, from);
            }
        );
        return damaged.Count == 0 ? read : throw damaged.First().Value;

        bool Stopped(int from)
        {
            lock (damaged)
                return damaged.Count > 0 && damaged.Keys.First() < from;
        }

        void ReadBatch(AdvisorySource.Opened opened, int from)
        {
            var at = from;
            try
            {
                for (; at < Math.Min(from + Batch, read.Length); at++)
                    read[at] = ReadOne(opened, at);
            }
            catch (Exception wrong) when (wrong is MaterialsException or IOException or UnauthorizedAccessException)
            {
                lock (damaged)
                    damaged[at] = wrong;
            }
        }

        (byte[], Advisory?) ReadOne(AdvisorySource.Opened opened, int at)
        {
            var name = source.Names[at];
            var content = opened.Read(at);
            var digests = new byte[2 * SHA256.HashSizeInBytes];
            SHA256.HashData(Encoding.UTF8.GetBytes(name), digests);
            SHA256.HashData(content, digests.AsSpan(SHA256.HashSizeInBytes));
            return (digests, AdvisoryReader.Read(name, content));
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
}

/// <summary>An advisory that is about a package of a version.</summary>
/// <param name="Known">Since when, as the advisory says.</param>
/// <param name="Score">CVSS base score; null where nobody says.</param>
public sealed record Finding(
    string Purl,
    string Advisory,
    IReadOnlyList<string> Aliases,
    string Summary,
    DateTimeOffset Known,
    decimal? Score = null
)
{
    /// <summary>What it counts as: unknown is the worst.</summary>
    public decimal Weight() => Score ?? Releases.AuditFinding.Worst;
}

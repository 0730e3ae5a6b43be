using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Mintmark.Evidence;

/// <summary>
/// Where a team keeps advisories: a folder, a zip file and what was fetched from its mirror, whichever are there; and a
/// folder of VEX statements. Read again when anything in it has another name, length or time than before.
/// </summary>
/// <param name="path">Folder, or the same name with .zip.</param>
/// <param name="fetched">Null where nothing is ever fetched.</param>
public sealed class AdvisoryPlace(string path, string vexFolder, FetchedFiles? fetched = null)
{
    private readonly Lock loading = new();
    private (string Stamp, AdvisorySnapshot Snapshot)? loaded;

    /// <summary>What is there of these; nothing is audited where there is none.</summary>
    public IReadOnlyList<string> Sources =>
        [
            .. Directory.Exists(path) ? [path] : (IEnumerable<string>)[],
            .. File.Exists($"{path}.zip") ? [$"{path}.zip"] : (IEnumerable<string>)[],
            .. fetched?.List()?.Files.Select(fetched.PathOf) ?? [],
        ];

    /// <summary>Null where the team has named no advisories.</summary>
    /// <exception cref="MaterialsException">An advisory is damaged.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public AdvisorySnapshot? Snapshot()
    {
        var sources = Sources;
        if (sources.Count == 0)
            return null;
        lock (loading)
        {
            var stamp = StampOf(sources);
            if (loaded?.Stamp != stamp)
                loaded = (stamp, AdvisorySnapshot.Load(sources));
            return loaded.Value.Snapshot;
        }
    }

    /// <summary>Null where the team has named no advisories.</summary>
    /// <exception cref="MaterialsException">An advisory or a statement is damaged.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public ComponentAudit? Audit(IEnumerable<string> purls, DateTimeOffset at) =>
        Snapshot() is { } snapshot ? ComponentAudit.Of(purls, snapshot, Vex.Load(vexFolder), at) : null;

    private static string StampOf(IReadOnlyList<string> sources)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var files = sources.SelectMany(source =>
            Directory.Exists(source)
                ? new DirectoryInfo(source).EnumerateFiles("*", SearchOption.AllDirectories)
                : [new FileInfo(source)]
        );
        foreach (var file in files.OrderBy(f => f.FullName, StringComparer.Ordinal))
        {
            var line = string.Create(
                CultureInfo.InvariantCulture,
                $"{file.FullName}\0{file.Length}\0{file.LastWriteTimeUtc.Ticks}\n"
            );
            hash.AppendData(Encoding.UTF8.GetBytes(line));
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}

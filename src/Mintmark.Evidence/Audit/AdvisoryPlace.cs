using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Mintmark.Evidence;

/// <summary>
/// Where a team keeps advisories: a folder or a zip file, and a folder of VEX statements. Read again when anything in
/// it has another name, length or time than before.
/// </summary>
/// <param name="path">Folder, or the same name with .zip; nothing is audited where neither is there.</param>
public sealed class AdvisoryPlace(string path, string vexFolder)
{
    private readonly Lock loading = new();
    private (string Stamp, AdvisorySnapshot Snapshot)? loaded;

    private string? Found =>
        Directory.Exists(path) ? path
        : File.Exists($"{path}.zip") ? $"{path}.zip"
        : null;

    /// <summary>Null where the team has named no advisories.</summary>
    /// <exception cref="MaterialsException">An advisory or a statement is damaged.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public ComponentAudit? Audit(IEnumerable<string> purls, DateTimeOffset at)
    {
        if (Found is not { } found)
            return null;
        lock (loading)
        {
            var stamp = StampOf(found);
            if (loaded?.Stamp != stamp)
                loaded = (stamp, AdvisorySnapshot.Load(found));
            return ComponentAudit.Of(purls, loaded.Value.Snapshot, Vex.Load(vexFolder), at);
        }
    }

    private static string StampOf(string found)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        IEnumerable<FileInfo> files = Directory.Exists(found)
            ? new DirectoryInfo(found).EnumerateFiles("*", SearchOption.AllDirectories)
            : [new FileInfo(found)];
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

using System.Security.Cryptography;
using System.Text;
using Mintmark.Releases;

namespace Mintmark.Build;

/// <param name="Output">What the build left.</param>
/// <param name="Configuration">Path and content of the files that travel with the version, as committed.</param>
internal sealed record PackJob(
    Mark Mark,
    Source Source,
    Manifest Manifest,
    DateTimeOffset CommittedAt,
    string Output,
    IReadOnlyList<(string Path, byte[] Content)> Configuration
);

/// <summary>
/// Artifacts by digest, and by mark once they are unpacked to be run. Artifacts are streamed: their size is bounded by
/// the disk, not by memory.
/// </summary>
public sealed class ArtifactStore : IDisposable
{
    public const string StampName = "mintmark.json";

    private readonly OciLayout layout;
    private readonly UnpackedVersions versions;
    private readonly Lock preparing = new();
    private bool prepared;

    public ArtifactStore(string home)
    {
        var folders = new BuildFolders(home);
        layout = new OciLayout(folders.Oci);
        versions = new UnpackedVersions(folders.Versions, layout);
    }

    /// <summary>Removes what a crash left half done. Done once, before anything is packed or unpacked.</summary>
    public void Prepare()
    {
        lock (preparing)
        {
            if (prepared)
                return;
            layout.Prepare();
            versions.Prepare();
            prepared = true;
        }
    }

    /// <summary>
    /// Puts the files of an artifact into <c>versions/MARK</c>, read-only, and returns that folder. Done once: later
    /// calls find it. A crash leaves it whole or not there.
    /// </summary>
    /// <exception cref="ArtifactException">The store is damaged, or holds what must not be unpacked.</exception>
    /// <exception cref="IOException">Such as no space; then nothing is left behind.</exception>
    public Task<string> UnpackAsync(Mark mark, string digest, CancellationToken ct)
    {
        Prepare();
        return versions.UnpackAsync(mark, digest, ct);
    }

    /// <summary>
    /// What a folder holds, file by file: the artifact's digest where it is that artifact, else a digest of what is
    /// there.
    /// </summary>
    /// <exception cref="ArtifactException">The store is damaged.</exception>
    public async Task<string> LookAsync(string folder, string digest, CancellationToken ct)
    {
        var manifest = await layout.ReadJsonAsync(digest, ct);
        var layer = manifest["layers"]?[0]?["digest"]?.ToString();
        var found = await DigestOfAsync(folder, ct);
        return found == layer ? digest : found;
    }

    private static async Task<string> DigestOfAsync(string folder, CancellationToken ct)
    {
        try
        {
            // All files of an artifact have one time, the commit's.
            var time = new DateTimeOffset(File.GetLastWriteTimeUtc(Path.Combine(folder, StampName)));
            using var sha = SHA256.Create();
            await using (var hashing = new CryptoStream(Stream.Null, sha, CryptoStreamMode.Write))
                await LayerTar.WriteAsync(ArtifactEntries.Collect(folder, []), time, hashing, ct);
            return OciLayout.Digest(sha.Hash!);
        }
        catch (ArtifactException odd)
        {
            return OciLayout.Digest(SHA256.HashData(Encoding.UTF8.GetBytes(odd.Message)));
        }
    }

    /// <exception cref="ArtifactException">The build left something that no artifact can hold.</exception>
    /// <exception cref="IOException">Such as no space; then nothing is left behind.</exception>
    internal async Task<Blob> PackAsync(PackJob job, CancellationToken ct)
    {
        Prepare();
        var entries = Entries(job);
        var layer = await layout.PutAsync(
            $"{job.Mark}.layer",
            stream => LayerTar.WriteAsync(entries, job.CommittedAt, stream, ct),
            ct
        );
        var configuration = await PutJsonAsync($"{job.Mark}.config", OciJson.Configuration(job, layer), ct);
        var manifest = await PutJsonAsync($"{job.Mark}.manifest", OciJson.Manifest(job, configuration, layer), ct);
        await layout.NameAsync(manifest, job.Mark.ToString(), ct);
        return new Blob(manifest.Digest, manifest.Length + configuration.Length + layer.Length);
    }

    public void Dispose()
    {
        layout.Dispose();
        versions.Dispose();
    }

    private static IReadOnlyList<ArtifactEntry> Entries(PackJob job)
    {
        if (Path.Exists(Path.Combine(job.Output, StampName)) || job.Configuration.Any(f => f.Path == StampName))
            throw new ArtifactException($"{StampName} is the name of Mintmark's own stamp: the build may not make one");
        var stamp = new ArtifactEntry.Bytes(
            StampName,
            Encoding.UTF8.GetBytes(OciJson.Stamp(job).ToJsonString() + "\n")
        );
        var files = job.Configuration.Select(f => new ArtifactEntry.Bytes(f.Path, f.Content));
        return ArtifactEntries.Collect(job.Output, [stamp, .. files]);
    }

    private Task<Blob> PutJsonAsync(string name, System.Text.Json.Nodes.JsonObject json, CancellationToken ct) =>
        layout.PutAsync(name, stream => stream.WriteAsync(OciJson.Bytes(json), ct).AsTask(), ct);
}

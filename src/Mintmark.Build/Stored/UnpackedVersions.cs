using System.Security.Cryptography;
using Mintmark.Releases;

namespace Mintmark.Build;

/// <summary>The folder <c>versions</c>: each artifact that is to run, unpacked under its mark.</summary>
internal sealed class UnpackedVersions(string folder, OciLayout layout) : IDisposable
{
    private const string AsidePrefix = ".aside-";

    private readonly SemaphoreSlim unpacking = new(1);

    // No mark begins with a dot.
    private string Digests => Path.Combine(folder, ".digests");

    public void Prepare()
    {
        Directory.CreateDirectory(folder);
        // Instances, which run as another user where we are root, pass through to the version that they run.
        File.SetUnixFileMode(folder, BuildRun.Passable);
        foreach (var aside in Directory.EnumerateDirectories(folder, AsidePrefix + "*"))
            Tree.Delete(aside);
        Directory.CreateDirectory(Digests);
    }

    public async Task<string> UnpackAsync(Mark mark, string digest, CancellationToken ct)
    {
        var final = Path.Combine(folder, mark.ToString());
        // A version that is here already does not wait for another that is being unpacked.
        if (await IsThereAsync(final, digest, ct))
            return final;
        await unpacking.WaitAsync(ct);
        try
        {
            if (!await IsThereAsync(final, digest, ct))
                await UnpackAsync(final, mark, digest, ct);
            return final;
        }
        finally
        {
            unpacking.Release();
        }
    }

    public void Dispose() => unpacking.Dispose();

    private async Task<bool> IsThereAsync(string final, string digest, CancellationToken ct)
    {
        var known = Path.Combine(Digests, Path.GetFileName(final));
        return Directory.Exists(final) && File.Exists(known) && await File.ReadAllTextAsync(known, ct) == digest;
    }

    private async Task UnpackAsync(string final, Mark mark, string digest, CancellationToken ct)
    {
        // Of a build that was cut off before its digest entered the log; nothing has run from it.
        Tree.Delete(final);
        var known = Path.Combine(Digests, mark.ToString());
        // Beside its final place: a read-only folder can be renamed, but not moved to another one.
        var aside = Path.Combine(folder, AsidePrefix + mark);
        Tree.Delete(aside);
        try
        {
            await ExtractAsync(digest, aside, ct);
            await File.WriteAllTextAsync(known, digest, ct);
            // The rename must not reach the disk before what it names.
            Libc.FlushFileSystem(folder);
            Directory.Move(aside, final);
            Libc.FlushFolder(folder);
        }
        finally
        {
            Tree.Delete(aside);
        }
    }

    private async Task ExtractAsync(string digest, string target, CancellationToken ct)
    {
        var manifest = await layout.ReadJsonAsync(digest, ct);
        var layers = manifest["layers"]?.AsArray();
        var layer = layers is { Count: 1 } ? layers[0]?["digest"]?.ToString() : null;
        if (layer is null)
            throw new ArtifactException($"{digest} has not one layer: it was not packed here");
        using var sha = SHA256.Create();
        await using var blob = new FileStream(layout.PathOf(layer), FileMode.Open, FileAccess.Read, FileShare.Read);
        await using (var hashing = new CryptoStream(blob, sha, CryptoStreamMode.Read, leaveOpen: true))
        {
            await LayerExtraction.ExtractAsync(hashing, target, ct);
            await hashing.CopyToAsync(Stream.Null, ct);
        }
        if (OciLayout.Digest(sha.Hash!) != layer)
            throw new ArtifactException($"{layout.PathOf(layer)} is not what its name says: the store is damaged");
        Tree.Seal(target, take: false);
    }
}

using System.Security.Cryptography;
using System.Text.Json.Nodes;

namespace Mintmark.Build;

internal sealed record Blob(string Digest, long Length);

/// <summary>
/// An OCI image layout on disk. A blob is written aside, flushed and renamed to its digest; the index is replaced as a
/// whole, after everything that it names is on disk. So a crash or a full disk leaves at most a file in <c>tmp</c>.
/// </summary>
internal sealed class OciLayout(string folder) : IDisposable
{
    private const int LargestJson = 4 << 20;
    private const string ImageManifest = "application/vnd.oci.image.manifest.v1+json";

    private readonly SemaphoreSlim indexing = new(1);

    private string Temporary => Path.Combine(folder, "tmp");

    private string IndexPath => Path.Combine(folder, "index.json");

    /// <summary>Removes what a crash left aside. Only while nothing is being written.</summary>
    public void Prepare()
    {
        Directory.CreateDirectory(folder);
        File.SetUnixFileMode(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        Tree.Delete(Temporary);
        Directory.CreateDirectory(Temporary);
        Directory.CreateDirectory(Path.Combine(folder, "blobs", "sha256"));
        if (!File.Exists(Path.Combine(folder, "oci-layout")))
            Replace(Path.Combine(folder, "oci-layout"), "{\"imageLayoutVersion\":\"1.0.0\"}"u8.ToArray());
        if (!File.Exists(IndexPath))
            Replace(IndexPath, OciJson.Bytes(OciJson.Index([])));
    }

    /// <param name="name">Of the file aside: one writer at a time has it.</param>
    public async Task<Blob> PutAsync(string name, Func<Stream, Task> write, CancellationToken ct)
    {
        var aside = Path.Combine(Temporary, name);
        try
        {
            var blob = await WriteAsync(aside, write, ct);
            Place(aside, PathOf(blob.Digest));
            return blob;
        }
        finally
        {
            File.Delete(aside);
        }
    }

    /// <summary>Names a manifest in the index; the mark then means it.</summary>
    public async Task NameAsync(Blob manifest, string mark, CancellationToken ct)
    {
        await indexing.WaitAsync(ct);
        try
        {
            var others = Manifests(await File.ReadAllBytesAsync(IndexPath, ct))
                .Where(m => OciJson.NameOf(m) != mark)
                .Select(m => m.DeepClone());
            var named = OciJson.Descriptor(ImageManifest, manifest, OciJson.Named(mark));
            var all = others.Append(named).OfType<JsonObject>().OrderBy(OciJson.NameOf, StringComparer.Ordinal);
            Replace(IndexPath, OciJson.Bytes(OciJson.Index(all)));
        }
        finally
        {
            indexing.Release();
        }
    }

    /// <exception cref="ArtifactException">It is not there, or not what its digest says.</exception>
    public async Task<JsonObject> ReadJsonAsync(string digest, CancellationToken ct)
    {
        var path = PathOf(digest);
        if (!File.Exists(path))
            throw new ArtifactException($"{digest} is not in the store at {folder}");
        if (new FileInfo(path).Length > LargestJson)
            throw new ArtifactException($"{digest} is larger than {LargestJson} bytes");
        var bytes = await File.ReadAllBytesAsync(path, ct);
        if (Digest(SHA256.HashData(bytes)) != digest)
            throw new ArtifactException($"{path} is not what its name says: the store is damaged");
        return OciJson.Parse(bytes, digest);
    }

    public string PathOf(string digest)
    {
        var hex = digest.StartsWith("sha256:", StringComparison.Ordinal) ? digest["sha256:".Length..] : "";
        return hex.Length == 64 && hex.All(c => char.IsAsciiDigit(c) || c is >= 'a' and <= 'f')
            ? Path.Combine(folder, "blobs", "sha256", hex)
            : throw new ArtifactException($"'{digest}' is no digest");
    }

    public static string Digest(byte[] sha256) => "sha256:" + Convert.ToHexStringLower(sha256);

    public void Dispose() => indexing.Dispose();

    private static async Task<Blob> WriteAsync(string aside, Func<Stream, Task> write, CancellationToken ct)
    {
        using var sha = SHA256.Create();
        await using var file = new FileStream(aside, FileMode.Create, FileAccess.Write, FileShare.None, 0);
        await using (var hashing = new CryptoStream(file, sha, CryptoStreamMode.Write, leaveOpen: true))
        {
            await write(hashing);
            await hashing.FlushFinalBlockAsync(ct);
        }
        file.Flush(flushToDisk: true);
        return new Blob(Digest(sha.Hash!), file.Length);
    }

    private static void Place(string aside, string path)
    {
        File.SetUnixFileMode(aside, UnixFileMode.UserRead);
        File.Move(aside, path, overwrite: true);
        Libc.FlushFolder(Path.GetDirectoryName(path)!);
    }

    private void Replace(string path, byte[] content)
    {
        var aside = Path.Combine(Temporary, Path.GetFileName(path));
        try
        {
            using (var file = new FileStream(aside, FileMode.Create, FileAccess.Write, FileShare.None, 0))
            {
                file.Write(content);
                file.Flush(flushToDisk: true);
            }
            File.Move(aside, path, overwrite: true);
            Libc.FlushFolder(folder);
        }
        finally
        {
            File.Delete(aside);
        }
    }

    private IEnumerable<JsonObject> Manifests(byte[] index) =>
        OciJson.Parse(index, IndexPath)["manifests"] is JsonArray manifests ? manifests.OfType<JsonObject>() : [];
}

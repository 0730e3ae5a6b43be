using System.Formats.Tar;
using System.Security.Cryptography;
using System.Text;
using Mintmark.Build;
using Xunit;

namespace Mintmark.Tests.Build;

public sealed class WhenTheStoreIsDamaged : IDisposable
{
    private static readonly CancellationToken Never = CancellationToken.None;

    private readonly BuildHome home = new();

    public WhenTheStoreIsDamaged()
    {
        home.Repository.Write("a", "a");
        home.Repository.Commit("one");
    }

    private string Blobs => home.In("oci/blobs/sha256");

    public void Dispose() => home.Dispose();

    [Fact]
    public async Task OneFlippedByteAnywhereIsNoticedAndNothingIsUnpacked()
    {
        var digest = (await home.BuiltAsync(BuildHome.Manifest())).Digest;
        foreach (var blob in Directory.GetFiles(Blobs).Where(IsRead))
        {
            var whole = await File.ReadAllBytesAsync(blob);
            foreach (var at in (int[])[0, whole.Length / 2, whole.Length - 1])
            {
                var broken = whole.ToArray();
                broken[at] ^= 1;
                Replace(blob, broken);

                await Assert.ThrowsAsync<ArtifactException>(() => UnpackAsync(digest));
                Assert.Empty(Versions());
            }
            Replace(blob, whole);
        }

        Assert.NotEmpty(Directory.GetFiles(await UnpackAsync(digest)));
    }

    [Fact]
    public async Task ABlobThatIsGoneIsSaidSo()
    {
        var digest = (await home.BuiltAsync(BuildHome.Manifest())).Digest;
        File.Delete(Path.Combine(Blobs, digest["sha256:".Length..]));

        var wrong = await Assert.ThrowsAsync<ArtifactException>(() => UnpackAsync(digest));

        Assert.StartsWith($"{digest} is not in the store at ", wrong.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("sha256:../../../../etc/passwd")]
    [InlineData("sha512:00")]
    [InlineData("")]
    public async Task WhatIsNoDigestIsNotLookedFor(string digest)
    {
        home.Store.Prepare();

        await Assert.ThrowsAsync<ArtifactException>(() => UnpackAsync(digest));
    }

    [Theory]
    [InlineData(TarEntryType.RegularFile, "../evil", "")]
    [InlineData(TarEntryType.RegularFile, "/evil", "")]
    [InlineData(TarEntryType.RegularFile, "a/../../evil", "")]
    [InlineData(TarEntryType.SymbolicLink, "evil", "/etc")]
    [InlineData(TarEntryType.SymbolicLink, "a/evil", "../../etc")]
    [InlineData(TarEntryType.SymbolicLink, "evil", "a/../..")]
    [InlineData(TarEntryType.HardLink, "evil", "a")]
    [InlineData(TarEntryType.Fifo, "evil", "")]
    [InlineData(TarEntryType.CharacterDevice, "evil", "")]
    public async Task ALayerThatWouldLeadOutIsRefused(TarEntryType type, string path, string target)
    {
        var digest = Layout(Entry("a", TarEntryType.Directory), Entry(path, type, target));

        await Assert.ThrowsAsync<ArtifactException>(() => UnpackAsync(digest));

        Assert.Empty(Versions());
        Assert.False(File.Exists(home.In("evil")) || File.Exists(home.In("versions/evil")));
    }

    [Fact]
    public async Task AFileIsNeverWrittenThroughALink()
    {
        var digest = Layout(
            Entry("d", TarEntryType.Directory),
            Entry("d/link", TarEntryType.SymbolicLink, "other"),
            Entry("d/link/file", TarEntryType.RegularFile)
        );

        await Assert.ThrowsAnyAsync<IOException>(() => UnpackAsync(digest));

        Assert.Empty(Versions());
    }

    [Fact]
    public async Task WhatACrashLeftAsideIsRemovedAndAnotherDigestOfTheMarkReplaced()
    {
        Directory.CreateDirectory(home.In("versions/.aside-bank-1/half"));
        Directory.CreateDirectory(home.In("versions/bank-1/old"));
        Directory.CreateDirectory(home.In("oci/tmp"));
        await File.WriteAllTextAsync(home.In("oci/tmp/bank-7.layer"), "half");

        var unpacked = await home.UnpackedAsync(BuildHome.Manifest());

        Assert.Equal(
            ["app", "mintmark.json"],
            Directory.GetFileSystemEntries(unpacked).Select(Path.GetFileName).Order()
        );
        Assert.Equal([unpacked], Versions());
        Assert.Empty(Directory.GetFileSystemEntries(home.In("oci/tmp")));
    }

    private Task<string> UnpackAsync(string digest) => home.Store.UnpackAsync(BuildHome.Mark, digest, Never);

    private IEnumerable<string> Versions() =>
        Directory.GetDirectories(home.In("versions")).Where(d => Path.GetFileName(d) != ".digests");

    /// <summary>The configuration is for other programs; unpacking reads manifest and layer.</summary>
    private static bool IsRead(string blob) =>
        !File.ReadAllText(blob).StartsWith("{\"created\"", StringComparison.Ordinal);

    private static void Replace(string blob, byte[] content)
    {
        File.SetUnixFileMode(blob, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        File.WriteAllBytes(blob, content);
    }

    private static PaxTarEntry Entry(string path, TarEntryType type, string target = "")
    {
        var entry = new PaxTarEntry(type, path);
        if (target.Length > 0)
            entry.LinkName = target;
        if (type == TarEntryType.RegularFile)
            entry.DataStream = new MemoryStream("evil"u8.ToArray());
        return entry;
    }

    private string Layout(params TarEntry[] entries)
    {
        home.Store.Prepare();
        using var tar = new MemoryStream();
        using (var writer = new TarWriter(tar, leaveOpen: true))
        {
            foreach (var entry in entries)
                writer.WriteEntry(entry);
        }
        var layer = Put(tar.ToArray());
        return Put(Encoding.UTF8.GetBytes($$"""{"layers":[{"digest":"{{layer}}"}]}"""));
    }

    private string Put(byte[] content)
    {
        var hex = Convert.ToHexStringLower(SHA256.HashData(content));
        File.WriteAllBytes(Path.Combine(Blobs, hex), content);
        return $"sha256:{hex}";
    }
}

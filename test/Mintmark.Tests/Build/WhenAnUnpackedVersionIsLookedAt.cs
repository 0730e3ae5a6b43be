using Mintmark.Releases;
using Xunit;

namespace Mintmark.Tests.Build;

public sealed class WhenAnUnpackedVersionIsLookedAt : IDisposable
{
    private static readonly CancellationToken Never = CancellationToken.None;

    private readonly BuildHome home = new();

    public WhenAnUnpackedVersionIsLookedAt()
    {
        home.Repository.Write("a", "a");
        home.Repository.Write("config/b.json", "{}");
        home.Repository.Commit("one");
    }

    public void Dispose() => home.Dispose();

    [Fact]
    public async Task ItIsTheArtifactThatItWasUnpackedFrom()
    {
        var (folder, digest) = await UnpackedAsync();

        Assert.Equal(digest, await home.Store.LookAsync(folder, digest, Never));
    }

    [Fact]
    public async Task WithAByteChangedAFileMoreOrAFileThatCanBeRunItIsNot()
    {
        var (folder, digest) = await UnpackedAsync();
        var file = Directory.EnumerateFiles(folder).First(f => !f.EndsWith("mintmark.json", default));
        var seen = new HashSet<string> { digest };
        File.SetUnixFileMode(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);

        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        Assert.True(seen.Add(await home.Store.LookAsync(folder, digest, Never)));
        await File.AppendAllTextAsync(file, "x", Never);
        Assert.True(seen.Add(await home.Store.LookAsync(folder, digest, Never)));
        await File.WriteAllTextAsync(Path.Combine(folder, "more"), "", Never);
        Assert.True(seen.Add(await home.Store.LookAsync(folder, digest, Never)));
    }

    private async Task<(string Folder, string Digest)> UnpackedAsync()
    {
        var digest = (await home.BuiltAsync(BuildHome.Manifest())).Digest;
        return (await home.Store.UnpackAsync(new Mark(new("bank"), 1), digest, Never), digest);
    }
}

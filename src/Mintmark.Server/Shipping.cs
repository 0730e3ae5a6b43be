using Mintmark.Build;
using Mintmark.Releases;

namespace Mintmark.Server;

/// <summary>Reads what a commit wants to be shipped as. The commit's own mint.yaml counts, never the working tree's.</summary>
internal sealed class Shipping
{
    private const string FileName = "mint.yaml";

    public async Task<(Source Source, Manifest Manifest)> ReadAsync(string repository, string commit, CancellationToken ct)
    {
        var git = GitRepository.Open(repository);
        var source = await git.ResolveAsync(commit, ct);
        var text = await git.ShowAsync(source.Commit, FileName, ct);
        var manifest = ManifestFile.Parse(text, FileName);
        var files = await git.FilesAsync(source.Commit, ct);
        ManifestFile.CheckFiles(manifest, files.Contains);
        return (source, manifest);
    }
}

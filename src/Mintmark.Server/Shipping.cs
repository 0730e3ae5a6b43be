using System.Text;
using Mintmark.Build;
using Mintmark.Releases;

namespace Mintmark.Server;

/// <summary>
/// Reads what a commit wants to be shipped as. The commit's own mint.yaml counts, never the working tree's.
/// </summary>
internal static class Shipping
{
    public static async Task<(Source Source, Manifest Manifest)> ReadAsync(
        string repository,
        string? commit,
        CancellationToken ct
    )
    {
        var git = await GitRepository.OpenAsync(repository, ct);
        var source = await git.ResolveAsync(commit, ct);
        var bytes =
            await git.ShowAsync(source.Commit, ManifestFile.Name, ManifestFile.LargestBytes, ct)
            ?? throw new ManifestException([
                new ManifestProblem(
                    ManifestFile.Name,
                    0,
                    0,
                    "",
                    $"commit {source.Commit[..12]} has none at its top: write one with 'mint init' and commit it"
                ),
            ]);
        var files = await git.FilesAsync(source.Commit, ct);
        return (source, ManifestFile.Parse(Encoding.UTF8.GetString(bytes), ManifestFile.Name, files.ContainsKey));
    }
}

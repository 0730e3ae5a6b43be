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
        return (source, await ManifestFile.ReadAsync(git, source.Commit, ct));
    }
}

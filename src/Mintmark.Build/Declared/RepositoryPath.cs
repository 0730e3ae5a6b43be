namespace Mintmark.Build;

/// <summary>Names of files inside a repository: relative, with '/', and never leading out of it.</summary>
internal static class RepositoryPath
{
    public const string Accepted =
        "a file of the repository as a relative path with '/', such as config/bank.json, without '..' or '\\'";

    private const int Longest = 400;

    public static bool IsInside(string path) =>
        path.Length is > 0 and <= Longest
        && !path.Any(c => char.IsControl(c) || c == '\\')
        && path.Split('/').All(segment => segment is not ("" or "." or "..") && !IsGit(segment));

    /// <summary>What is git's own is no file of the tree, on any file system.</summary>
    public static bool IsGit(string segment) => segment.Equals(".git", StringComparison.OrdinalIgnoreCase);
}

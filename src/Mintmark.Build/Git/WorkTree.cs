namespace Mintmark.Build;

/// <param name="Changed">Tracked paths that differ from the commit, staged or not.</param>
/// <param name="Untracked">Paths that git neither tracks nor ignores.</param>
public sealed record WorkTree(IReadOnlyList<string> Changed, IReadOnlyList<string> Untracked)
{
    public bool IsClean => Changed.Count == 0 && Untracked.Count == 0;

    /// <summary>Of <c>git status --porcelain=v1 -z</c>: "XY path", and after a rename or copy the old path.</summary>
    internal static WorkTree Parse(string status)
    {
        var changed = new List<string>();
        var untracked = new List<string>();
        using var records = status.Split('\0').AsEnumerable().GetEnumerator();
        while (records.MoveNext() && records.Current.Length > 3)
        {
            var (code, path) = (records.Current[..2], records.Current[3..]);
            (code == "??" ? untracked : changed).Add(path);
            if (code.Contains('R', StringComparison.Ordinal) || code.Contains('C', StringComparison.Ordinal))
                records.MoveNext();
        }
        return new WorkTree(changed, untracked);
    }
}

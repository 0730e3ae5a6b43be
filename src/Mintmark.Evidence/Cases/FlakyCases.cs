namespace Mintmark.Evidence;

/// <summary>
/// Which cases cannot be relied on. A case that breaks once and is mended is none; one is that passed only when tried
/// again, that passed and failed on one tree of files, or that has failed and recovered again and again.
/// </summary>
internal static class FlakyCases
{
    /// <summary>From passed to failed or back: twice broken and twice mended.</summary>
    private const int MostChanges = 4;

    /// <param name="results">As <see cref="BookCase.Results"/>, newest first.</param>
    /// <returns>In words; null where it is not flaky.</returns>
    public static string? Of(string results, IReadOnlyList<BookVersion> versions)
    {
        var ran = results
            .Zip(versions)
            .Where(r => r.First is BookCase.Passed or BookCase.Failed or BookCase.Retried)
            .ToList();
        foreach (var (result, version) in ran)
            if (result == BookCase.Retried)
                return $"it passed only when tried again in {version.Mark}";
        foreach (var tree in ran.GroupBy(r => r.Second.Tree, StringComparer.Ordinal))
            if (tree.Select(r => r.First).Distinct().Count() > 1)
                return "it passed and failed on one tree of files, in "
                    + string.Join(" and ", tree.Select(r => r.Second.Mark));
        var changes = ran.Zip(ran.Skip(1)).Count(pair => pair.First.First != pair.Second.First);
        return changes >= MostChanges
            ? $"it went {changes} times from passed to failed or back in {ran.Count} versions"
            : null;
    }
}

namespace Mintmark.Yaml;

public static class Spelling
{
    /// <summary>The word that a mistyped one was probably meant to be, or null.</summary>
    public static string? Nearest(string typed, IReadOnlyList<string> words)
    {
        if (typed.Length is 0 or > 40)
            return null;
        var allowed = Math.Max(1, typed.Length / 3);
        return words
            .Select(word => (Word: word, Distance: Distance(typed.ToLowerInvariant(), word)))
            .Where(near => near.Distance <= allowed)
            .OrderBy(near => near.Distance)
            .Select(near => near.Word)
            .FirstOrDefault();
    }

    /// <summary>Levenshtein's distance, one row at a time.</summary>
    private static int Distance(string a, string b)
    {
        var row = Enumerable.Range(0, b.Length + 1).ToArray();
        for (var i = 1; i <= a.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var substituted = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(substituted, Math.Min(row[j], row[j - 1]) + 1);
            }
        }
        return row[b.Length];
    }
}

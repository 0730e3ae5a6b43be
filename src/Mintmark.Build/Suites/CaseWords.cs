using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Mintmark.Releases;

namespace Mintmark.Build;

/// <summary>What results of tests say of one case, gathered while its part of the file is read.</summary>
internal sealed class CaseWords
{
    private const int Most = 50;
    private const int LongestWord = 100;

    private static readonly string[] Verifying = ["requirement", "requirements", "verifies", "covers"];
    private static readonly string[] Labelling = ["tag", "tags", "category", "categories", "traits"];
    private static readonly char[] Between = [',', ';', ' ', '\t', '\n', '\r'];

    private readonly List<string> verifies = [];
    private readonly List<string> labels = [];

    public IReadOnlyList<string> Verifies => verifies;

    public IReadOnlyList<string> Labels => labels;

    /// <summary>A property or trait: what it verifies, a label, or neither.</summary>
    public void Add(string name, string value)
    {
        if (Verifying.Contains(name, StringComparer.OrdinalIgnoreCase))
            AddTo(verifies, value);
        else if (Labelling.Contains(name, StringComparer.OrdinalIgnoreCase))
            AddTo(labels, value);
    }

    public void AddLabel(string value) => AddTo(labels, value);

    /// <summary>Class and name; the same for each version, and of a length that a person can read.</summary>
    public static string IdOf(string? type, string name)
    {
        var whole =
            string.IsNullOrEmpty(type) || name.StartsWith(type, StringComparison.Ordinal) ? name : $"{type}.{name}";
        var plain = string.Concat(whole.Select(c => char.IsControl(c) ? ' ' : c)).Trim();
        if (plain.Length <= RanCase.LongestId)
            return plain;
        var digest = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(whole)))[..12];
        return $"{plain[..(RanCase.LongestId - 14)]}… {digest}";
    }

    public static long Milliseconds(string? seconds) =>
        double.TryParse(seconds, NumberStyles.Float, CultureInfo.InvariantCulture, out var s) && s is >= 0 and < 1e9
            ? (long)(s * 1000)
            : 0;

    private static void AddTo(List<string> list, string value)
    {
        foreach (var word in value.Split(Between, StringSplitOptions.RemoveEmptyEntries))
            if (list.Count < Most && word.Length <= LongestWord && !word.Any(char.IsControl) && !list.Contains(word))
                list.Add(word);
    }
}

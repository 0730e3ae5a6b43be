using System.Text.RegularExpressions;
using Mintmark.Releases;

namespace Mintmark.Build;

/// <summary>The kinds of values that stand under <c>surge</c>.</summary>
internal static partial class SurgeFields
{
    public static readonly Field<Rate> Rate = new(
        $"a rate of 1 to {Releases.Rate.Most} requests in s, m or h, such as 20/s",
        (YamlNode.Scalar s, out Rate value) =>
        {
            var read =
                Quantity.TryRate(s.Text, out var count, out var seconds) && count is >= 1 and <= Releases.Rate.Most;
            value = read ? new Rate((int)count, seconds) : null!;
            return read;
        }
    );

    public static readonly Field<Concurrency> Concurrency = Word<Concurrency>();

    public static readonly Field<Priority> Priority = Word<Priority>();

    public static readonly Field<string> Method = new(
        "a method in capital letters, such as POST",
        (YamlNode.Scalar s, out string value) => MethodPattern().IsMatch(value = s.Text)
    );

    /// <summary>Without a query: what stands above a path has none.</summary>
    public static readonly Field<string> Prefix = new(
        Fields.UrlPath.Accepted + ", without a query",
        (YamlNode.Scalar s, out string value) =>
            Fields.UrlPath.Read(s, out value) && !value.Contains('?', StringComparison.Ordinal)
    );

    private static Field<T> Word<T>()
        where T : struct, Enum
    {
        var words = Enum.GetValues<T>().ToDictionary(value => value.ToString().ToLowerInvariant());
        return new(
            $"one of {string.Join(", ", words.Keys)}",
            (YamlNode.Scalar s, out T value) => words.TryGetValue(s.Text, out value),
            [.. words.Keys]
        );
    }

    [GeneratedRegex(@"^[A-Z]{3,20}\z", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex MethodPattern();
}

using System.Globalization;
using System.Text.RegularExpressions;
using Mintmark.Releases;
using Mintmark.Yaml;

namespace Mintmark.Gate;

/// <summary>The kinds of values in catalogue, profiles and overlays.</summary>
internal static partial class GateFields
{
    private const int LongestText = 1000;

    public static readonly Field<string> Id = new(
        "a name of 1 to 60 of a-z, 0-9 and '-', starting with a letter",
        (YamlNode.Scalar s, out string value) => IdPattern().IsMatch(value = s.Text)
    );

    public static readonly Field<string> Text = new(
        $"a text of 1 to {LongestText} characters",
        (YamlNode.Scalar s, out string value) =>
            (value = s.Text.Trim()).Length is > 0 and <= LongestText && !value.Any(char.IsControl)
    );

    public static readonly Field<string> Profile = Word(Profiles.All);

    public static readonly Field<PersonName> Person = new(
        PersonName.Accepted,
        (YamlNode.Scalar s, out PersonName value) => PersonName.TryParse(s.Text, null, out value)
    );

    public static readonly Field<DateOnly> Date = new(
        "a day such as 2026-12-31 (what is relaxed ends as it begins, in UTC)",
        (YamlNode.Scalar s, out DateOnly value) =>
            DateOnly.TryParseExact(s.Text, "yyyy-MM-dd", CultureInfo.InvariantCulture, default, out value)
    );

    public static readonly Field<TimeOnly> Time = new(
        "a time of day in quotes, from '00:00' to '23:59'",
        (YamlNode.Scalar s, out TimeOnly value) =>
            TimeOnly.TryParseExact(s.Text, "HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out value)
    );

    public static readonly Field<string> Zone = new(
        "a time zone of the IANA database, such as Europe/Berlin",
        (YamlNode.Scalar s, out string value) => TimeZoneInfo.TryFindSystemTimeZoneById(value = s.Text, out var _)
    );

    public static readonly Field<bool> Truth = new(
        "true or false",
        (YamlNode.Scalar s, out bool value) =>
        {
            value = s.Text == "true";
            return s.Plain && s.Text is "true" or "false";
        },
        ["true", "false"]
    );

    public static Field<int> Count(int least, int most) =>
        new(
            $"a whole number from {least} to {most}",
            (YamlNode.Scalar s, out int value) =>
                int.TryParse(s.Text, NumberStyles.None, CultureInfo.InvariantCulture, out value)
                && value >= least
                && value <= most
        );

    public static Field<string> Word(IReadOnlyList<string> words) =>
        new(
            $"one of {string.Join(", ", words)}",
            (YamlNode.Scalar s, out string value) => words.Contains(value = s.Text),
            words
        );

    public static Field<T> Word<T>()
        where T : struct, Enum
    {
        var words = Enum.GetValues<T>().ToDictionary(v => v.ToString().ToLowerInvariant());
        return new(
            $"one of {string.Join(", ", words.Keys)}",
            (YamlNode.Scalar s, out T value) => words.TryGetValue(s.Text, out value),
            [.. words.Keys]
        );
    }

    [GeneratedRegex("^[a-z][a-z0-9-]{0,59}$", RegexOptions.None, 1000)]
    private static partial Regex IdPattern();
}

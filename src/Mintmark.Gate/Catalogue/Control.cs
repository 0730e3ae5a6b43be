using System.Globalization;
using System.Text.Json.Serialization;
using Mintmark.Releases;
using Mintmark.Yaml;

namespace Mintmark.Gate;

/// <summary>One thing that a profile can demand.</summary>
/// <param name="Demands">What must be so, in a sentence.</param>
/// <param name="Decided">By what that is decided.</param>
/// <param name="Floor">Held for every service, and never only observed.</param>
/// <param name="Serves">Requirements of norms that it gives evidence for, by norm.</param>
public sealed record Control(
    string Id,
    string Demands,
    string Decided,
    When When,
    bool Floor,
    IReadOnlyList<Parameter> Parameters,
    IReadOnlyDictionary<string, IReadOnlyList<string>> Serves
)
{
    public Parameter? Find(string name) => Parameters.FirstOrDefault(p => p.Name == name);
}

/// <summary>When, and by whom, a control can be shown to hold.</summary>
[JsonConverter(typeof(KebabConverter<When>))]
public enum When
{
    /// <summary>From the evidence of the build, before anything starts.</summary>
    Gate,

    /// <summary>Persons can still satisfy it while the release waits.</summary>
    People,

    /// <summary>On the running candidate, before it has any traffic.</summary>
    Later,

    /// <summary>Nothing here can check it.</summary>
    Nobody,
}

/// <summary>A number of a control that a team may make stricter without anybody's word.</summary>
/// <param name="Usual">Where a profile names none.</param>
public sealed record Parameter(
    string Name,
    string Means,
    Unit Unit,
    Stricter Stricter,
    decimal Least,
    decimal Most,
    decimal Usual
)
{
    /// <summary>Whether the first is looser than the second.</summary>
    public bool IsLooser(decimal value, decimal than) => Stricter == Stricter.More ? value < than : value > than;

    /// <summary>As people write it.</summary>
    public string Text(decimal value) =>
        Unit == Unit.Duration ? Quantity.Duration((long)value) : value.ToString("0.##", CultureInfo.InvariantCulture);

    /// <summary>Its values, in the words of an error message.</summary>
    public Field<decimal> Field =>
        new(
            Unit switch
            {
                Unit.Duration =>
                    $"a time from {Text(Least)} to {Text(Most)} in whole s, m, h or d, such as {Text(Usual)}",
                Unit.Persons => $"a whole number from {Text(Least)} to {Text(Most)}",
                _ => $"a number from {Text(Least)} to {Text(Most)} with one decimal at most, such as 7.0",
            },
            (YamlNode.Scalar s, out decimal value) => TryRead(s, out value) && value >= Least && value <= Most
        );

    private bool TryRead(YamlNode.Scalar scalar, out decimal value)
    {
        if (Unit != Unit.Duration)
        {
            return decimal.TryParse(
                    scalar.Text,
                    NumberStyles.AllowDecimalPoint,
                    CultureInfo.InvariantCulture,
                    out value
                )
                && scalar.Plain
                && (Unit == Unit.Score ? value * 10 % 1 == 0 : value % 1 == 0);
        }
        var read = Quantity.TrySeconds(scalar.Text, out var seconds);
        value = seconds;
        return read;
    }
}

[JsonConverter(typeof(KebabConverter<Unit>))]
public enum Unit
{
    Persons,

    /// <summary>In seconds.</summary>
    Duration,

    /// <summary>CVSS base score, 0 to 10.</summary>
    Score,
}

[JsonConverter(typeof(KebabConverter<Stricter>))]
public enum Stricter
{
    More,
    Less,
}

using System.Text.Json;
using System.Text.Json.Serialization;

namespace Mintmark.Bench;

/// <summary>One measured number and what it was to be.</summary>
/// <param name="Goal">Such as "&lt; 2"; null for a number that is only reported.</param>
internal sealed record Figure(string Name, double Value, string Unit, string? Goal, bool? Holds)
{
    public static Figure AtMost(string name, double value, string unit, double goal) =>
        new(name, Math.Round(value, 3), unit, $"< {goal}", value < goal);

    public static Figure AtLeast(string name, double value, string unit, double goal) =>
        new(name, Math.Round(value, 3), unit, $">= {goal}", value >= goal);

    public static Figure Reported(string name, double value, string unit) =>
        new(name, Math.Round(value, 3), unit, null, null);
}

/// <summary>The one shape that every bench writes.</summary>
internal sealed record Outcome(string Bench, string Machine, IReadOnlyList<Figure> Figures)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        DefaultIgnoreCondition = JsonIgnoreCondition.Never,
    };

    public static string MachineText()
    {
        var model = File.ReadLines("/proc/cpuinfo")
            .FirstOrDefault(l => l.StartsWith("model name", StringComparison.Ordinal));
        return $"{model?.Split(':')[1].Trim() ?? "unknown processor"}, {Environment.ProcessorCount} processors, "
            + $".NET {Environment.Version}, load {File.ReadAllText("/proc/loadavg").Split(' ')[0]} at the start";
    }

    public void Print(TextWriter output)
    {
        output.WriteLine($"{Bench} on {Machine}");
        foreach (var f in Figures)
        {
            var verdict = f.Holds switch
            {
                true => $"holds ({f.Goal})",
                false => $"MISSES {f.Goal}",
                null => "",
            };
            output.WriteLine($"  {f.Name, -52} {f.Value, 12:N3} {f.Unit, -12} {verdict}".TrimEnd());
        }
    }

    public string ToJson() => JsonSerializer.Serialize(this, Json);
}

using System.Globalization;
using System.Text.Json.Serialization;

namespace Mintmark.Releases;

/// <summary>What a service takes when more comes than it can answer.</summary>
/// <param name="Client">Of each client; null for no limit.</param>
/// <param name="Service">Of all clients, at each gateway; null for no limit.</param>
/// <param name="Priorities">The first that fits a request says how much it matters; others are normal.</param>
public sealed record SurgePlan(
    Rate? Client = null,
    Rate? Service = null,
    Concurrency Concurrency = Concurrency.Unlimited,
    IReadOnlyList<PriorityRule>? Priorities = null
)
{
    public const int MostPriorities = 20;
}

/// <summary>So many at once, and then as many in so many seconds, evenly.</summary>
public sealed record Rate(int Requests, int Seconds)
{
    public const int Most = 1_000_000;
    public const int LongestSeconds = 3_600;

    public override string ToString() =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{Requests} requests {Seconds switch { 1 => "a second", 60 => "a minute", _ => "an hour" }}"
        );
}

[JsonConverter(typeof(KebabConverter<Concurrency>))]
public enum Concurrency
{
    Unlimited,

    /// <summary>
    /// As many requests at once as an instance answers without making them wait, found while it runs.
    /// </summary>
    Adaptive,
}

[JsonConverter(typeof(KebabConverter<Priority>))]
public enum Priority
{
    /// <summary>Is refused first.</summary>
    Low,
    Normal,

    /// <summary>Is refused last.</summary>
    High,
}

/// <param name="Path">Of the request, or of what is above it: <c>/payments</c> is also for <c>/payments/7</c>.</param>
/// <param name="Method">Null for any.</param>
public sealed record PriorityRule(string Path, Priority Priority, string? Method = null);

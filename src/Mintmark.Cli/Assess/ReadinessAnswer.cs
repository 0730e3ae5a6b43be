using System.Text.Json.Serialization;
using Mintmark.Releases;

namespace Mintmark.Cli;

/// <summary>How far a repository is from what its line of business is held to.</summary>
/// <param name="Service">As its manifest names it; null without one.</param>
/// <param name="Files">That git tracks.</param>
/// <param name="Around">What was found beside the code, by kind.</param>
internal sealed record ReadinessAnswer(
    string Repository,
    string Commit,
    ServiceName? Service,
    string Profile,
    int Files,
    IReadOnlyList<Surrounding> Around,
    IReadOnlyList<Readiness> Controls
);

/// <param name="Kind">Such as <c>ci</c>, <c>container</c>, <c>unit</c>, <c>process</c>, <c>lock-file</c>.</param>
internal sealed record Surrounding(string Kind, string What);

/// <param name="Step">The one step that it is away, or what it needs; null where it holds or cannot be had.</param>
internal sealed record Readiness(string Control, Ready State, string Found, string? Step, bool Floor);

[JsonConverter(typeof(KebabConverter<Ready>))]
internal enum Ready
{
    /// <summary>Today, by what is there.</summary>
    Holds,

    OneStep,

    /// <summary>More than one.</summary>
    More,

    /// <summary>Nothing here can check it yet.</summary>
    NotCovered,
}

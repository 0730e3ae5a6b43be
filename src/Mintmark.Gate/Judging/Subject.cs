using Mintmark.Releases;

namespace Mintmark.Gate;

/// <summary>What is judged: a version of a release, in a state, at a time.</summary>
internal sealed record Subject(State State, Release Release, ServiceVersion Version, DateTimeOffset Now)
{
    public BuildEvidence? Evidence => Version.Artifact?.Evidence;

    public SourceSummary? Source => Evidence?.Source;
}

/// <summary>What a control found, before anybody asks whether it is enforced.</summary>
/// <param name="Awaited">Whether people can still satisfy it.</param>
internal sealed record Found(bool Passed, string Reason, string? Remedy = null, bool Awaited = false)
{
    public const string ShipAgain = "ship its commit again: mint ship COMMIT";

    public static Found Yes(string reason) => new(true, reason);

    public static Found No(string reason, string? remedy = null) => new(false, reason, remedy);

    /// <summary>The evidence is not there, as of a version that was built before it was kept.</summary>
    public static Found Missing(string what) => No($"it was built without {what}", ShipAgain);

    public static Found Await(string reason, string remedy) => new(false, reason, remedy, Awaited: true);
}

using System.Text.Json.Serialization;
using Mintmark.Releases;

namespace Mintmark.Gate;

/// <summary>How a control stands for a commit, whether or not it was built.</summary>
/// <param name="Remedy">What would satisfy it; null where it passed, or nothing can be said.</param>
/// <param name="Text">How strictly it is demanded; empty without parameters.</param>
public sealed record Explained(
    string Control,
    Place Place,
    bool Passed,
    string Reason,
    string? Remedy,
    string Demands,
    string Text,
    bool Floor
);

[JsonConverter(typeof(KebabConverter<Place>))]
public enum Place
{
    Passed,
    Refused,

    /// <summary>Judged, and not enforced for this service.</summary>
    Observed,

    /// <summary>Enforced, and nothing here can check it: refuses.</summary>
    NotCovered,

    /// <summary>People can still satisfy it.</summary>
    Awaited,

    /// <summary>Shown on the running candidate.</summary>
    Later,

    /// <summary>The commit was not built: its evidence is yet to be made.</summary>
    ABuildWillTell,
}

/// <summary>Holds a commit to a policy without shipping it. Pure.</summary>
public static class Explanation
{
    /// <summary>Decided by what is known before anything is built.</summary>
    private static readonly string[] Known =
    [
        "working-tree-clean",
        "not-frozen",
        "not-halted",
        "emergency-reviewed",
        "rollback-target",
    ];

    /// <summary>Of a version that was built, as if it were at the gate now.</summary>
    public static IReadOnlyList<Explained> Of(State state, Release release, Policy policy, DateTimeOffset now) =>
        [
            .. Controls
                .Judge(state, release, policy, now)
                .Select(r => Of(r, policy.Demands.First(d => d.Control.Id == r.Control))),
        ];

    /// <summary>Of a commit that was not built.</summary>
    /// <param name="state">In which it is being built by that release.</param>
    public static IReadOnlyList<Explained> OfUnbuilt(State state, Release release, Policy policy, DateTimeOffset now) =>
        [
            .. Of(state, release, policy, now)
                .Select(e =>
                    IsKnown(e, policy) ? e : e with { Place = Place.ABuildWillTell, Reason = Decided(e, policy) }
                ),
        ];

    private static bool IsKnown(Explained explained, Policy policy) =>
        Known.Contains(explained.Control)
        || Of(explained, policy).When is When.Later or When.Nobody
        || (explained is { Control: Controls.ProfileUnchanged, Passed: true })
        // What its manifest says no to stays a no.
        || (explained is { Control: "build-reproducible", Passed: false });

    private static string Decided(Explained explained, Policy policy) => Of(explained, policy).Decided;

    private static Control Of(Explained explained, Policy policy) =>
        policy.Demands.First(d => d.Control.Id == explained.Control).Control;

    private static Explained Of(ControlResult result, Demand demand) =>
        new(
            result.Control,
            result switch
            {
                { Standing: Standing.Observed } => Place.Observed,
                { Standing: Standing.Later } => Place.Later,
                { Passed: true } => Place.Passed,
                { Standing: Standing.NotCovered } => Place.NotCovered,
                { Standing: Standing.Awaited } => Place.Awaited,
                _ => Place.Refused,
            },
            result.Passed,
            result.Reason,
            result.Remedy,
            demand.Control.Demands,
            demand.Text(),
            demand.Control.Floor
        );
}

using System.Text.Json.Serialization;
using Mintmark.Gate;
using Mintmark.Releases;

namespace Mintmark.Server;

/// <summary>What the gate would say of a commit now.</summary>
/// <param name="Mark">Of the version whose evidence was looked at; null for a commit that was not built.</param>
/// <param name="Version">Of the profile.</param>
/// <param name="Policy">Digest of what it is held to, as <c>sha256:…</c>.</param>
/// <param name="Freezes">In force by the clock, or within a week.</param>
/// <param name="Uncounted">What somebody would have looser and does not count.</param>
public sealed record GateAnswer(
    ServiceName Service,
    string Commit,
    Mark? Mark,
    ReleaseId? Release,
    string Profile,
    int Version,
    string Policy,
    GateVerdict Verdict,
    IReadOnlyList<Explained> Controls,
    IReadOnlyList<ComingFreeze> Freezes,
    IReadOnlyList<string> Uncounted
);

[JsonConverter(typeof(KebabConverter<GateVerdict>))]
public enum GateVerdict
{
    Passes,
    Refused,

    /// <summary>For people.</summary>
    Waits,

    ABuildWillTell,
}

/// <param name="Begins">Null where it is in force.</param>
public sealed record ComingFreeze(string Window, DateTimeOffset? Begins);

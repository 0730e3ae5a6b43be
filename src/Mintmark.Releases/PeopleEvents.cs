namespace Mintmark.Releases;

public abstract partial record Event
{
    public sealed record PersonAdded(
        PersonName Person,
        IReadOnlyList<Role> Roles,
        string TokenDigest,
        IReadOnlyList<string> Addresses,
        string Reason
    ) : Event;

    /// <summary>What is null stays as it was.</summary>
    public sealed record PersonChanged(
        PersonName Person,
        IReadOnlyList<Role>? Roles,
        string? TokenDigest,
        IReadOnlyList<string>? Addresses,
        string Reason
    ) : Event;

    public sealed record PersonRemoved(PersonName Person, string Reason) : Event;

    /// <summary>Another than its authors has read a commit, with what led to it since the last release.</summary>
    public sealed record CommitReviewed(ServiceName Service, string Commit, string Reason) : Event;

    /// <summary>All that is decided without people has passed.</summary>
    /// <param name="Controls">All results, those that people are awaited for among them.</param>
    /// <param name="Policy">Digest of what the version is held to, as <c>sha256:…</c>.</param>
    public sealed record GateWaits(ReleaseId Release, IReadOnlyList<ControlResult> Controls, string? Policy = null)
        : Event;

    /// <param name="Digest">Of the artifact that it is for.</param>
    public sealed record ReleaseApproved(ReleaseId Release, string Digest, string Reason) : Event;

    /// <summary>A person says no, and that ends the release.</summary>
    public sealed record ReleaseDeclined(ReleaseId Release, string Digest, string Reason) : Event;

    public sealed record EmergencyReviewed(ReleaseId Release, string Reason) : Event;

    public sealed record ControlsEnforced(ServiceName Service, IReadOnlyList<string> Controls, string Reason) : Event;

    /// <param name="Until">When they are enforced again; null where they never were.</param>
    public sealed record ControlsObserved(
        ServiceName Service,
        IReadOnlyList<string> Controls,
        DateTimeOffset? Until,
        string Reason
    ) : Event;

    /// <summary>From here on nothing goes through to this version alone, at the address of its own.</summary>
    public sealed record RehearsalBegun(ReleaseId Release) : Event;

    /// <summary>It was seen that nothing goes through, and the version answers again from here on.</summary>
    /// <param name="Milliseconds">From the beginning to the first refused request.</param>
    public sealed record RehearsalLifted(ReleaseId Release, long Milliseconds) : Event;

    /// <param name="Stopped">Whether requests were refused while it was halted, and answered before and after.</param>
    /// <param name="Found">What was seen, in order.</param>
    /// <param name="Milliseconds">From the halt to the first refused request; 0 where none was.</param>
    public sealed record KillRehearsed(ReleaseId Release, bool Stopped, string Found, long Milliseconds) : Event;
}

namespace Mintmark.Releases;

public abstract partial record Command
{
    /// <param name="TokenDigest">SHA-256 of the person's token, as <c>sha256:…</c>.</param>
    /// <param name="Addresses">Salted digests of the addresses in the person's commits.</param>
    public sealed record AddPerson(
        PersonName Name,
        IReadOnlyList<Role> Roles,
        string TokenDigest,
        IReadOnlyList<string> Addresses,
        string Reason
    ) : Person;

    /// <summary>What is null stays as it is.</summary>
    public sealed record ChangePerson(
        PersonName Name,
        IReadOnlyList<Role>? Roles,
        string? TokenDigest,
        IReadOnlyList<string>? Addresses,
        string Reason
    ) : Person;

    public sealed record RemovePerson(PersonName Name, string Reason) : Person;

    /// <summary>A person other than who asked for the release, and able to tell, lets it go on.</summary>
    /// <param name="Digest">Of the artifact that was looked at; null for the one that there is.</param>
    public sealed record Approve(ReleaseId Release, string? Digest, string Reason) : Person;

    public sealed record Decline(ReleaseId Release, string? Digest, string Reason) : Person;

    /// <summary>Another than its authors has read a commit, with what led to it since the last release.</summary>
    /// <param name="Authors">Salted digests of the addresses of those who wrote it; null where not all can be
    /// told.</param>
    public sealed record Review(ServiceName Service, string Commit, IReadOnlyList<string>? Authors, string Reason)
        : Person
    {
        public override ServiceName? About => Service;
    }

    /// <summary>An emergency release is looked at afterwards, by neither of those who made it.</summary>
    public sealed record ReviewEmergency(ReleaseId Release, string Reason) : Person;

    public sealed record Enforce(ServiceName Service, IReadOnlyList<string> Controls, string Reason) : Person
    {
        public override ServiceName? About => Service;
    }

    /// <summary>Controls that are enforced are only observed for a while.</summary>
    /// <param name="Until">When they are enforced again.</param>
    /// <param name="At">Now.</param>
    public sealed record Observe(
        ServiceName Service,
        IReadOnlyList<string> Controls,
        DateTimeOffset? Until,
        DateTimeOffset At,
        string Reason
    ) : Person
    {
        public override ServiceName? About => Service;
    }
}

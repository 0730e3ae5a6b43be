using Mintmark.Releases;

namespace Mintmark.Server;

/// <param name="Addresses">In the person's commits; they are kept as digests only.</param>
public sealed record AddPersonRequest(
    PersonName Name,
    IReadOnlyList<Role> Roles,
    IReadOnlyList<string>? Addresses,
    string Reason,
    string? By = null
);

/// <summary>What is left out stays as it is.</summary>
/// <param name="NewToken">The one before is worth nothing from then on.</param>
public sealed record ChangePersonRequest(
    PersonName Name,
    IReadOnlyList<Role>? Roles,
    IReadOnlyList<string>? Addresses,
    bool NewToken,
    string Reason,
    string? By = null
);

public sealed record RemovePersonRequest(PersonName Name, string Reason, string? By = null);

/// <param name="Token">Shown here and never again; null where there is no new one.</param>
public sealed record PersonDone(PersonName Name, string? Token, long Revision);

/// <param name="Addresses">How many of them are known.</param>
/// <param name="Removed">Null while the person may do anything.</param>
public sealed record PersonAnswer(
    PersonName Name,
    IReadOnlyDictionary<Role, DateTimeOffset> Roles,
    DateTimeOffset Since,
    int Addresses,
    DateTimeOffset? Removed
);

/// <param name="Digest">Of the artifact that was looked at; left out, it is the one that there is.</param>
public sealed record SayRequest(ReleaseId Release, string? Digest, string Reason, string? By = null);

/// <summary>Either a release, whose commit is meant (of an emergency: itself), or a commit of a service.</summary>
/// <param name="Repository">Folder of the git repository that has the commit.</param>
public sealed record ReviewRequest(
    ReleaseId? Release,
    string? Repository,
    string? Commit,
    string Reason,
    string? By = null
);

/// <param name="Controls">Left out, all of the service's profile.</param>
/// <param name="Until">When they are enforced again; where they are to be enforced it is left out.</param>
public sealed record EnforceRequest(
    ServiceName Service,
    IReadOnlyList<string>? Controls,
    DateTimeOffset? Until,
    string Reason,
    string? By = null
);

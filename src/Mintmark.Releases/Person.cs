using System.Buffers;
using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;

namespace Mintmark.Releases;

/// <summary>Name of a person with a token of his own: 1 to 60 of a-z, 0-9, '.', '_' and '-'.</summary>
[JsonConverter(typeof(TextConverter<PersonName>))]
public readonly record struct PersonName : IParsable<PersonName>, IComparable<PersonName>
{
    public const string Accepted = "1 to 60 characters of a-z, 0-9, '.', '_' and '-' (such as alice)";

    private const int Longest = 60;
    private static readonly SearchValues<char> Letters = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789._-");

    public PersonName(string value) =>
        Value = IsName(value) ? value : throw new FormatException($"'{value}' is no person's name: {Accepted}");

    public string Value { get; }

    /// <summary>As it is said who did something.</summary>
    public Actor Actor => new(Value);

    public static PersonName Parse(string s) => Parse(s, provider: null);

    public static PersonName Parse(string s, IFormatProvider? provider) => new(s);

    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out PersonName result)
    {
        var ok = s is not null && IsName(s);
        result = ok ? new PersonName(s!) : default;
        return ok;
    }

    public int CompareTo(PersonName other) => string.CompareOrdinal(Value, other.Value);

    public override string ToString() => Value;

    private static bool IsName(string value) =>
        value.Length is >= 1 and <= Longest && !value.AsSpan().ContainsAnyExcept(Letters);
}

[JsonConverter(typeof(KebabConverter<Role>))]
public enum Role
{
    /// <summary>Ships, reviews, takes back, halts.</summary>
    Engineer,

    /// <summary>Approves, declines, reviews, lets releases go on, says what is enforced; takes back, halts.</summary>
    Approver,

    /// <summary>Halts, resumes, takes back, freezes, thaws, lets releases go on; consents to emergencies.</summary>
    DutyOfficer,

    /// <summary>Reads.</summary>
    Auditor,
}

/// <summary>Who bears a token of his own. A removed one stays, so that nobody gets the name's past unseen.</summary>
/// <param name="RolesSince">The roles, each with when it was given, or the token to be it by.</param>
/// <param name="TokenDigest">SHA-256 of the token, as <c>sha256:…</c>; the token itself is known to its bearer.</param>
/// <param name="Addresses">Salted digests of the addresses in the person's commits.</param>
/// <param name="RemovedAt">Null while the person may do anything.</param>
public sealed record Person(
    PersonName Name,
    DateTimeOffset Since,
    ImmutableSortedDictionary<Role, RoleSince> RolesSince,
    string TokenDigest,
    IReadOnlyList<string> Addresses,
    DateTimeOffset? RemovedAt
)
{
    public const int MostAddresses = 20;

    [JsonIgnore]
    public IEnumerable<Role> Roles => RolesSince.Keys;

    public bool Has(Role role) => RemovedAt is null && RolesSince.ContainsKey(role);

    /// <summary>Whether the role was there before that entry of the log, and is still.</summary>
    public bool HadBefore(Role role, long entry) =>
        RemovedAt is null && RolesSince.TryGetValue(role, out var since) && since.Entry < entry;
}

/// <param name="Entry">Of the log, that gave it: clocks can go back, and entries come one after another.</param>
public sealed record RoleSince(DateTimeOffset At, long Entry);

/// <param name="Digest">Of the artifact that it is for.</param>
public sealed record Approval(PersonName By, DateTimeOffset At, string Digest, string Reason);

/// <param name="Commit">With all that came before it.</param>
public sealed record Review(string Commit, PersonName By, DateTimeOffset At, string Reason);

/// <summary>Since when a control of its profile is enforced for a service.</summary>
public sealed record Enforcement(DateTimeOffset At, Actor By, string Reason);

/// <summary>A control that is only observed for a while.</summary>
public sealed record Relaxation(DateTimeOffset At, Actor By, DateTimeOffset Until, string Reason);

/// <summary>An emergency release was looked at afterwards.</summary>
public sealed record EmergencyReview(PersonName By, DateTimeOffset At, string Reason);

/// <summary>What people are awaited for, all else having passed.</summary>
/// <param name="Controls">All that the gate found, the awaited among them.</param>
public sealed record Awaited(DateTimeOffset Since, IReadOnlyList<ControlResult> Controls, string? Policy);

/// <summary>A halt of one version alone, tried before it has any traffic.</summary>
/// <param name="StoppedMilliseconds">From its beginning to the first answer that nothing goes through; null until
/// then.</param>
/// <param name="Ended">Null while it goes on.</param>
public sealed record Rehearsal(
    DateTimeOffset Begun,
    long? StoppedMilliseconds = null,
    DateTimeOffset? Ended = null,
    bool Stopped = false,
    string? Found = null
)
{
    /// <summary>Whether nothing is to go through to the version now.</summary>
    [JsonIgnore]
    public bool Halts => Ended is null && StoppedMilliseconds is null;
}

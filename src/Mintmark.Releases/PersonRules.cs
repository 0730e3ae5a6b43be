using System.Buffers;
using static Mintmark.Releases.Decision;

namespace Mintmark.Releases;

/// <summary>Persons come, change and go by the word of whoever has the home's token.</summary>
internal static class PersonRules
{
    private const string DigestStart = "sha256:";
    private const int DigestDigits = 64;
    private static readonly SearchValues<char> Hexadecimal = SearchValues.Create("0123456789abcdef");

    public static Decision Decide(State state, Command.AddPerson c)
    {
        if (state.Persons.GetValueOrDefault(c.Name) is { RemovedAt: null })
        {
            return new Refused(
                "person-exists",
                $"{c.Name} is there already; another role, token or address: mint person change {c.Name} …"
            );
        }
        return Wrong(c.Roles, c.Addresses)
            ?? Malformed(c.TokenDigest)
            ?? new Accepted([new Event.PersonAdded(c.Name, c.Roles, c.TokenDigest, c.Addresses, c.Reason)]);
    }

    public static Decision Decide(State state, Command.ChangePerson c) =>
        Unknown(state, c.Name)
        ?? Wrong(c.Roles ?? [default], c.Addresses ?? [])
        ?? (c.TokenDigest is null ? null : Malformed(c.TokenDigest))
        ?? new Accepted([new Event.PersonChanged(c.Name, c.Roles, c.TokenDigest, c.Addresses, c.Reason)]);

    public static Decision Decide(State state, Command.RemovePerson c) =>
        Unknown(state, c.Name) ?? new Accepted([new Event.PersonRemoved(c.Name, c.Reason)]);

    private static Decision? Unknown(State state, PersonName name) =>
        state.Persons.GetValueOrDefault(name) is { RemovedAt: null }
            ? null
            : new Refused("unknown-person", $"there is no {name}; 'mint person list' has all");

    /// <summary>What is no digest would fit no token, or stop whoever compares.</summary>
    private static Decision? Malformed(string digest) =>
        digest.StartsWith(DigestStart, StringComparison.Ordinal)
        && digest.Length == DigestStart.Length + DigestDigits
        && digest.AsSpan(DigestStart.Length).IndexOfAnyExcept(Hexadecimal) < 0
            ? null
            : new Refused("token-malformed", "a token's digest is sha256: and 64 hexadecimal digits");

    private static Decision? Wrong(IReadOnlyList<Role> roles, IReadOnlyList<string> addresses) =>
        roles.Count == 0 ? new Refused("role-missing", "a person has one role at least")
        : addresses.Count > Person.MostAddresses
            ? new Refused("too-many-addresses", $"a person has {Person.MostAddresses} addresses at most")
        : null;
}

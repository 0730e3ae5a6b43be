using System.Security.Cryptography;
using System.Text;
using Mintmark.Releases;

namespace Mintmark.Server;

/// <summary>
/// Whose addresses are in commits. The log has digests of them under a secret of this home, so that it names nobody to
/// those who have only the log.
/// </summary>
internal sealed class CommitAddresses(Home home)
{
    public const int LongestAddress = 254;

    private const int DigestBytes = 16;

    private readonly Lazy<byte[]> secret = new(() => Convert.FromHexString(home.AddressSecret()));

    /// <param name="address">Such as <c>alice@example.com</c>, in whatever case.</param>
    public string Digest(string address)
    {
        var lower = Encoding.UTF8.GetBytes(address.Trim().ToLowerInvariant());
        return Convert.ToHexStringLower(HMACSHA256.HashData(secret.Value, lower).AsSpan(0, DigestBytes));
    }

    /// <summary>
    /// The persons that wrote some of these commits, and how many addresses are nobody's here; null where not all
    /// can be told.
    /// </summary>
    public (IReadOnlyList<PersonName> Persons, int Unknown)? Authors(State state, SourceFacts facts)
    {
        var owners = state
            .Persons.Values.SelectMany(p => p.Addresses.Select(address => (address, p.Name)))
            .ToLookup(known => known.address, known => known.Name);
        var written = facts.Addresses().Select(Digest).ToList();
        var persons = written.SelectMany(digest => owners[digest]).Distinct().Order().ToList();
        return facts.IsWhole && persons.Count <= SourceSummary.MostAuthors
            ? (persons, written.Count(digest => !owners.Contains(digest)))
            : null;
    }
}

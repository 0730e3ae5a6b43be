using System.Security.Cryptography;
using System.Text;

namespace Mintmark.Server;

/// <summary>What a person bears: 256 random bits, of which the log has a digest and nobody else has more.</summary>
internal static class PersonToken
{
    /// <summary>Such texts in a repository or a log are recognized by it.</summary>
    private const string Prefix = "mintmark-person-";

    private const int Bytes = 32;

    public static string New() => Prefix + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(Bytes));

    /// <summary>As <c>sha256:…</c>. Of so many random bits a plain digest gives nothing away.</summary>
    public static string Digest(string token) => "sha256:" + Convert.ToHexStringLower(Hash(token));

    public static byte[] Hash(string token) => SHA256.HashData(Encoding.UTF8.GetBytes(token));
}

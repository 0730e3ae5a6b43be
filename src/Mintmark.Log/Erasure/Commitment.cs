using System.Security.Cryptography;

namespace Mintmark.Log;

/// <summary>
/// Stands in an entry for a body that is kept elsewhere: SHA-256 over a salt of 256 random bits and the body. It binds
/// whoever logged it to the body; without the salt nobody can tell from it what the body was, not even by guessing.
/// </summary>
public readonly record struct Commitment
{
    public const int SaltLength = 32;

    const string Prefix = "sha256:";

    /// <summary>Keeps commitments apart from every other hash.</summary>
    static ReadOnlySpan<byte> Domain => "mintmark/commitment/v1\n"u8;

    readonly Hash hash;

    Commitment(Hash hash) => this.hash = hash;

    /// <exception cref="FormatException">The salt is not as long as it must be.</exception>
    public static Commitment To(ReadOnlySpan<byte> salt, ReadOnlySpan<byte> body) =>
        salt.Length == SaltLength
            ? new Commitment(new Hash(SHA256.HashData([.. Domain, .. salt, .. body])))
            : throw new FormatException($"a salt is {SaltLength} bytes, not {salt.Length}");

    /// <summary><c>sha256:</c> and 64 lower-case hexadecimal digits.</summary>
    /// <exception cref="FormatException">It is not of that form.</exception>
    public static Commitment Parse(string text) =>
        text.StartsWith(Prefix, StringComparison.Ordinal)
            ? new Commitment(Hash.Parse(text[Prefix.Length..]))
            : throw new FormatException($"'{text}' is no commitment: {Prefix}… is");

    public override string ToString() => $"{Prefix}{hash}";

    internal string FileName => $"{hash}";
}

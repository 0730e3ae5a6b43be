using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Mintmark.Releases;

namespace Mintmark.Gateway;

/// <summary>What one client drew for one release.</summary>
/// <param name="Place">Uniform over all values; where it lies decides the arm.</param>
/// <param name="Client">Tells clients of the release apart, and tells nobody who they are.</param>
readonly record struct Lot(ulong Place, ulong Client)
{
    /// <summary>
    /// Place / 2^64 &lt; share, in whole numbers. A larger share keeps every candidate client and adds some: raising it
    /// moves only those who must move.
    /// </summary>
    public bool IsCandidate(Share share) => Math.BigMul(Place, (ulong)Share.Whole, out _) < (ulong)share.BasisPoints;
}

/// <summary>Kept with who drew it, so that who comes again costs no second look.</summary>
sealed class LastLot
{
    private volatile Drawn? last;

    public Lot? Of(ReleaseId release) => last is { } drawn && drawn.Release == release ? drawn.Lot : null;

    public void Keep(ReleaseId release, Lot lot) => last = new Drawn(release, lot);

    private sealed record Drawn(ReleaseId Release, Lot Lot);
}

/// <summary>
/// Assigns clients to arms by SHA-256(secret ‖ release ‖ client): nobody without the secret can choose.
/// </summary>
sealed class Lots(byte[] secret)
{
    private const int LongestOnStack = 512;

    private readonly Recent<ulong> placed = new();

    /// <summary>For a request that nobody will ask for again: nobody can foresee it either.</summary>
    public static Lot Draw()
    {
        Span<byte> random = stackalloc byte[sizeof(ulong)];
        RandomNumberGenerator.Fill(random);
        return new Lot(BinaryPrimitives.ReadUInt64BigEndian(random), 0);
    }

    /// <summary>Tells clients apart whatever the release, as no release has the number 0.</summary>
    public ulong Place(ReadOnlySpan<char> client)
    {
        if (placed.Find(client) is { } before)
            return before;
        var place = Draw(default, client.ToString()).Client;
        placed.Keep(client, place);
        return place;
    }

    /// <summary>As <see cref="Draw(ReleaseId, string)"/>, for clients that come again.</summary>
    public Lot DrawAgain(ReleaseId release, in Caller caller)
    {
        if (caller.Drawn?.Of(release) is { } before)
            return before;
        var lot = Draw(release, caller.Key);
        caller.Drawn?.Keep(release, lot);
        return lot;
    }

    public Lot Draw(ReleaseId release, string client)
    {
        var length = secret.Length + sizeof(int) + Encoding.UTF8.GetByteCount(client);
        Span<byte> text = length <= LongestOnStack ? stackalloc byte[length] : new byte[length];
        secret.CopyTo(text);
        BinaryPrimitives.WriteInt32BigEndian(text[secret.Length..], release.Number);
        Encoding.UTF8.GetBytes(client, text[(secret.Length + sizeof(int))..]);
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(text, digest);
        return new Lot(
            BinaryPrimitives.ReadUInt64BigEndian(digest),
            BinaryPrimitives.ReadUInt64BigEndian(digest[sizeof(ulong)..])
        );
    }
}

using System.Buffers.Binary;
using System.Globalization;

namespace Mintmark.Log;

/// <summary>
/// Ed25519 over a checkpoint and a time: <c>cosignature/v1</c> of c2sp.org/tlog-cosignature. By it a witness says that
/// at that time this was the largest tree of that log that it had seen, and that it began with all it had seen before.
/// </summary>
sealed class CosignatureKey : VerifierKey
{
    public const byte KeyType = 4;

    const int TimeLength = 8;

    readonly byte[] publicKey;

    CosignatureKey(string name, byte[] publicKey)
        : base(name, IdOf(name, publicKey), KeyType, publicKey) => this.publicKey = publicKey;

    public static uint IdOf(string name, byte[] publicKey) => IdOf(name, KeyType, publicKey);

    public static CosignatureKey Of(string name, byte[] publicKey) =>
        publicKey.Length == Ed25519.KeyLength
            ? new CosignatureKey(name, publicKey)
            : throw new FormatException($"a witness's key is {Ed25519.KeyLength} bytes, not {publicKey.Length}");

    public override bool IsUsable => Ed25519.IsAvailable;

    public override bool Accepts(string text, ReadOnlySpan<byte> signature) =>
        signature.Length == TimeLength + Ed25519.SignatureLength
        && TimeOf(signature) >= 0
        && Ed25519.Verify(publicKey, Message(text, TimeOf(signature)), signature[TimeLength..]);

    /// <summary>Seconds since 1970.</summary>
    public static long TimeOf(ReadOnlySpan<byte> signature) => BinaryPrimitives.ReadInt64BigEndian(signature);

    public static byte[] Sign(Ed25519.Private key, string text, long time)
    {
        var bytes = new byte[TimeLength];
        BinaryPrimitives.WriteInt64BigEndian(bytes, time);
        return [.. bytes, .. key.Sign(Message(text, time))];
    }

    static byte[] Message(string text, long time) =>
        SignedNote.BytesOf(string.Create(CultureInfo.InvariantCulture, $"cosignature/v1\ntime {time}\n{text}"));
}

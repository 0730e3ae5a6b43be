using System.Runtime.InteropServices;

namespace Mintmark.Log;

/// <summary>Ed25519 (RFC 8032) by libcrypto, since .NET has none.</summary>
static class Ed25519
{
    public const int KeyLength = 32;
    public const int SignatureLength = 64;

    const string Library = "libcrypto.so.3";

    /// <summary>EVP_PKEY_ED25519.</summary>
    const int KeyType = 1087;

    /// <summary>Said wherever it is missed.</summary>
    public const string Missing = "Ed25519 needs OpenSSL 3 (libcrypto.so.3), which this machine does not have";

    public static bool IsAvailable { get; } =
        NativeLibrary.TryLoad(Library, out var library)
        && NativeLibrary.TryGetExport(library, "EVP_PKEY_new_raw_private_key", out _)
        && NativeLibrary.TryGetExport(library, "EVP_DigestVerify", out _);

    public static bool Verify(ReadOnlySpan<byte> publicKey, ReadOnlySpan<byte> text, ReadOnlySpan<byte> signature)
    {
        if (publicKey.Length != KeyLength || signature.Length != SignatureLength)
            return false;
        using var key = NewPublicKey(KeyType, 0, in MemoryMarshal.GetReference(publicKey), KeyLength);
        if (key.IsInvalid)
            return false;
        using var context = NewContext();
        Require(VerifyInit(context, 0, 0, 0, key));
        return Verify(
                context,
                in MemoryMarshal.GetReference(signature),
                SignatureLength,
                in MemoryMarshal.GetReference(text),
                (nuint)text.Length
            ) == 1;
    }

    /// <summary>A private key, kept where libcrypto keeps it. For any thread.</summary>
    public sealed class Private : IDisposable
    {
        readonly Key key;

        public Private(byte[] seed)
        {
            if (seed.Length != KeyLength)
                throw new FormatException($"an Ed25519 key is {KeyLength} bytes, not {seed.Length}");
            key = NewPrivateKey(KeyType, 0, in seed[0], KeyLength);
            PublicKey = new byte[KeyLength];
            nuint length = KeyLength;
            Require(GetPublicKey(key, ref PublicKey[0], ref length));
        }

        public byte[] PublicKey { get; }

        public byte[] Sign(ReadOnlySpan<byte> text)
        {
            using var context = NewContext();
            Require(SignInit(context, 0, 0, 0, key));
            var signature = new byte[SignatureLength];
            nuint room = SignatureLength;
            ref readonly var first = ref MemoryMarshal.GetReference(text);
            Require(Ed25519.Sign(context, ref signature[0], ref room, in first, (nuint)text.Length));
            return signature;
        }

        public void Dispose() => key.Dispose();
    }

    // No call here fails on input: one that does means that libcrypto is out of memory or not what it says it is.
    static void Require(int outcome)
    {
        if (outcome != 1)
            throw new InvalidOperationException("libcrypto failed at Ed25519");
    }

    sealed class Key() : SafeHandle(0, ownsHandle: true)
    {
        public override bool IsInvalid => handle == 0;

        protected override bool ReleaseHandle()
        {
            FreeKey(handle);
            return true;
        }
    }

    sealed class Context() : SafeHandle(0, ownsHandle: true)
    {
        public override bool IsInvalid => handle == 0;

        protected override bool ReleaseHandle()
        {
            FreeContext(handle);
            return true;
        }
    }

    [DllImport(Library, EntryPoint = "EVP_PKEY_new_raw_private_key")]
    static extern Key NewPrivateKey(int type, nint engine, in byte key, nuint length);

    [DllImport(Library, EntryPoint = "EVP_PKEY_new_raw_public_key")]
    static extern Key NewPublicKey(int type, nint engine, in byte key, nuint length);

    [DllImport(Library, EntryPoint = "EVP_PKEY_get_raw_public_key")]
    static extern int GetPublicKey(Key key, ref byte publicKey, ref nuint length);

    [DllImport(Library, EntryPoint = "EVP_PKEY_free")]
    static extern void FreeKey(nint key);

    [DllImport(Library, EntryPoint = "EVP_MD_CTX_new")]
    static extern Context NewContext();

    [DllImport(Library, EntryPoint = "EVP_MD_CTX_free")]
    static extern void FreeContext(nint context);

    [DllImport(Library, EntryPoint = "EVP_DigestSignInit")]
    static extern int SignInit(Context context, nint keyContext, nint digest, nint engine, Key key);

    [DllImport(Library, EntryPoint = "EVP_DigestSign")]
    static extern int Sign(Context context, ref byte signature, ref nuint room, in byte text, nuint length);

    [DllImport(Library, EntryPoint = "EVP_DigestVerifyInit")]
    static extern int VerifyInit(Context context, nint keyContext, nint digest, nint engine, Key key);

    [DllImport(Library, EntryPoint = "EVP_DigestVerify")]
    static extern int Verify(Context context, in byte signature, nuint size, in byte text, nuint length);
}

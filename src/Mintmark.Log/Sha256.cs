using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Mintmark.Log;

/// <summary>
/// SHA-256 of a prefix and what follows it. The tree hashes millions of short texts, and the framework's one-shot call
/// spends most of its time around the hashing, so libcrypto is asked directly where it is there.
/// </summary>
static class Sha256
{
    const string Library = "libcrypto.so.3";

    // The native call keeps the garbage collector waiting, so long texts do not go that way.
    const int LongestNative = 4096;

    static readonly bool IsNative = AnswersAsTheFramework();

    public static Hash Digest(byte prefix, ReadOnlySpan<byte> text)
    {
        Span<byte> digest = stackalloc byte[Hash.Length];
        if (IsNative && text.Length <= LongestNative)
            Native(prefix, text, digest);
        else
            Managed(prefix, text, digest);
        return new Hash(digest);
    }

    static void Managed(byte prefix, ReadOnlySpan<byte> text, Span<byte> digest)
    {
        byte[] whole = [prefix, .. text];
        SHA256.HashData(whole, digest);
    }

    static void Native(byte prefix, ReadOnlySpan<byte> text, Span<byte> digest)
    {
        var state = default(State);
        _ = Init(ref state);
        _ = Update(ref state, in prefix, 1);
        _ = Update(ref state, in MemoryMarshal.GetReference(text), (nuint)text.Length);
        _ = Final(ref MemoryMarshal.GetReference(digest), ref state);
    }

    static bool AnswersAsTheFramework()
    {
        if (
            !NativeLibrary.TryLoad(Library, out var library)
            || !NativeLibrary.TryGetExport(library, "SHA256_Final", out _)
        )
            return false;
        Span<byte> native = stackalloc byte[Hash.Length];
        Span<byte> managed = stackalloc byte[Hash.Length];
        var text = "The hashes of a tree are the same whoever makes them, or there is no tree at all."u8;
        Native(1, text, native);
        Managed(1, text, managed);
        return native.SequenceEqual(managed);
    }

    /// <summary>SHA256_CTX is 112 bytes; the rest is a margin.</summary>
    [StructLayout(LayoutKind.Sequential, Size = 256)]
    struct State;

    [SuppressGCTransition]
    [DllImport(Library, EntryPoint = "SHA256_Init")]
    static extern int Init(ref State state);

    [SuppressGCTransition]
    [DllImport(Library, EntryPoint = "SHA256_Update")]
    static extern int Update(ref State state, in byte text, nuint length);

    [SuppressGCTransition]
    [DllImport(Library, EntryPoint = "SHA256_Final")]
    static extern int Final(ref byte digest, ref State state);
}

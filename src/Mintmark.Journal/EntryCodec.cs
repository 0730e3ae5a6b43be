using System.Security.Cryptography;
using System.Text.Json;
using Mintmark.Log;
using Mintmark.Releases;

namespace Mintmark.Journal;

/// <summary>Typed entries to the log's bytes (canonical JSON) and back.</summary>
public static class EntryCodec
{
    public static byte[] Encode(Entry entry) => CanonicalJson.Canonicalize(Wire.ToJson(entry));

    /// <exception cref="LogCorruptException">The bytes are no entry that this program knows.</exception>
    public static Entry Decode(long index, ReadOnlySpan<byte> body)
    {
        try
        {
            return Wire.ToEntry(body);
        }
        catch (JsonException wrong)
        {
            throw new LogCorruptException($"is no entry that this version of Mintmark knows: {wrong.Message}", index);
        }
    }

    private static ReadOnlySpan<byte> Rotation => "log-key-rotated."u8;

    /// <summary>The note by which the log's key hands over to the next; null in all other entries.</summary>
    public static string? HandoverOf(ReadOnlySpan<byte> body)
    {
        // Looked for in every entry of a log: nearly all of them are done with here.
        if (body.IndexOf(Rotation) < 0)
            return null;
        try
        {
            return (Wire.ToEntry(body).Event as Event.LogKeyRotated)?.Handover;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>
    /// SHA-256 of the state's canonical JSON, as <c>sha256:…</c>: two states are equal when these are.
    /// </summary>
    public static string Digest(State state) =>
        "sha256:" + Convert.ToHexStringLower(SHA256.HashData(CanonicalJson.Canonicalize(Wire.ToJson(state))));
}

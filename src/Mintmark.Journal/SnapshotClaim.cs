using System.Text.Json;
using System.Text.Json.Serialization;

namespace Mintmark.Journal;

/// <summary>The first line of a snapshot: what the rest is.</summary>
/// <param name="Build">Identity of the program that folded.</param>
/// <param name="Size">Entries folded.</param>
/// <param name="Root">Of the log at that size, in base64 as in its checkpoint.</param>
/// <param name="Digest">Of the state's bytes, as <c>sha256:…</c>.</param>
internal sealed record SnapshotClaim(string Build, long Size, string Root, string Digest)
{
    public byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(this, SnapshotJson.Default.SnapshotClaim);

    /// <exception cref="JsonException">It is none.</exception>
    public static SnapshotClaim? Parse(ReadOnlySpan<byte> json) =>
        JsonSerializer.Deserialize(json, SnapshotJson.Default.SnapshotClaim);
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true
)]
[JsonSerializable(typeof(SnapshotClaim))]
internal sealed partial class SnapshotJson : JsonSerializerContext;

using System.Security.Cryptography;
using System.Text.Json.Nodes;

namespace Mintmark.Evidence;

/// <summary>
/// An envelope in the form that sigstore's tools read (github.com/sigstore/protobuf-specs, bundle 0.3): the same
/// statement and signature, with a hint of the key. It names no entry of Rekor, since ours is another log.
/// </summary>
internal static class SigstoreBundle
{
    private const string Statement = ".intoto.json";

    public const string Ending = ".sigstore.json";

    public static string NameOf(string statement) => statement[..^Statement.Length] + Ending;

    public static bool Has(string name) => name.EndsWith(Statement, StringComparison.Ordinal);

    /// <summary>The same envelope and key give the same bytes.</summary>
    public static byte[] Of(byte[] envelope, byte[] publicKey) =>
        EvidenceJson.Bytes(
            new JsonObject
            {
                ["mediaType"] = "application/vnd.dev.sigstore.bundle.v0.3+json",
                ["verificationMaterial"] = new JsonObject
                {
                    ["publicKey"] = new JsonObject { ["hint"] = Convert.ToBase64String(SHA256.HashData(publicKey)) },
                },
                ["dsseEnvelope"] = JsonNode.Parse(envelope),
            }
        );
}

using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Mintmark.Log;
using Mintmark.Tests.House;
using Xunit;

namespace Mintmark.Tests.Log;

/// <summary>
/// npm's @sigstore/verify, which knows nothing of us, accepts what an export says: signature, inclusion, checkpoint.
/// </summary>
public sealed class WhenAStrangerVerifies : IDisposable
{
    const int Index = 300;

    static readonly byte[] Artifact = Encoding.UTF8.GetBytes("an artifact");
    static readonly string Modules = Checkout.In("artifacts/thirdparty/node_modules");

    readonly LogFolder folder = new();
    readonly ECDsa signer = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    [Fact]
    public async Task AnEntryOfAnExportHolds()
    {
        var given = Given();
        var (exit, output) = await VerifyAsync(given);
        Assert.Equal((0, "verified"), (exit, output.Trim()));
    }

    [Theory]
    [InlineData("artifact")]
    [InlineData("root")]
    [InlineData("checkpoint")]
    [InlineData("index")]
    [InlineData("body")]
    public async Task NothingOfItCanBeAnother(string what)
    {
        var given = Given();
        var entry = given["bundle"]!["verificationMaterial"]!["tlogEntries"]![0]!;
        var proof = entry["inclusionProof"]!;
        switch (what)
        {
            case "artifact":
                given["artifact"] = Convert.ToBase64String("another"u8);
                break;
            case "root":
                proof["hashes"]![0] = Merkle.EmptyRoot.ToBase64();
                break;
            case "checkpoint":
                var note = (string)proof["checkpoint"]!["envelope"]!;
                proof["checkpoint"]!["envelope"] = note.Replace("\n303\n", "\n304\n", StringComparison.Ordinal);
                break;
            case "index":
                proof["logIndex"] = $"{Index - 1}";
                break;
            default:
                entry["canonicalizedBody"] = Convert.ToBase64String(LogFolder.Body(Index));
                break;
        }
        Assert.NotEqual(0, (await VerifyAsync(given)).Exit);
    }

    /// <summary>An export of a log that holds the artifact's signature, made into what the verifier reads.</summary>
    JsonObject Given()
    {
        var signature = signer.SignData(Artifact, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);
        using (var log = folder.Open())
        {
            log.Append(LogFolder.Bodies(0, Index));
            log.Append([HashedRekord(signature)]);
            log.Append(LogFolder.Bodies(Index + 1, 2));
        }
        using (var storage = SqliteStorage.OpenReadOnly(folder.Database))
            LogExport.Write(storage, folder.VerifierText, folder.In("export"));
        var nodes = Trees.Nodes([.. LogExport.Read(folder.In("export")).Select(entry => entry.Leaf)]);
        var body = LogExport.Read(folder.In("export")).ElementAt(Index).Body;
        var key = folder.VerifierText.Split('\n')[0].Split('+', 3);
        var keyId = Convert.ToBase64String(Convert.FromHexString(key[1]));
        return new JsonObject
        {
            ["artifact"] = Convert.ToBase64String(Artifact),
            ["signer"] = Convert.ToBase64String(signer.ExportSubjectPublicKeyInfo()),
            ["log"] = new JsonObject
            {
                ["baseUrl"] = $"https://{LogFolder.Origin}",
                ["keyId"] = keyId,
                ["publicKey"] = Convert.ToBase64String(Convert.FromBase64String(key[2]).AsSpan(1)),
            },
            ["bundle"] = Bundle(signature, body, keyId, nodes),
        };
    }

    JsonObject Bundle(byte[] signature, byte[] body, string keyId, TreeNodes nodes) =>
        new()
        {
            ["mediaType"] = "application/vnd.dev.sigstore.bundle.v0.3+json",
            ["messageSignature"] = new JsonObject
            {
                ["messageDigest"] = new JsonObject
                {
                    ["algorithm"] = "SHA2_256",
                    ["digest"] = Convert.ToBase64String(SHA256.HashData(Artifact)),
                },
                ["signature"] = Convert.ToBase64String(signature),
            },
            ["verificationMaterial"] = new JsonObject
            {
                ["publicKey"] = new JsonObject { ["hint"] = "signer" },
                ["tlogEntries"] = new JsonArray(Entry(body, keyId, nodes)),
            },
        };

    JsonObject Entry(byte[] body, string keyId, TreeNodes nodes) =>
        new()
        {
            ["logIndex"] = $"{Index}",
            ["logId"] = new JsonObject { ["keyId"] = keyId },
            ["kindVersion"] = new JsonObject { ["kind"] = "hashedrekord", ["version"] = "0.0.2" },
            ["integratedTime"] = "0",
            ["canonicalizedBody"] = Convert.ToBase64String(body),
            ["inclusionProof"] = new JsonObject
            {
                ["logIndex"] = $"{Index}",
                ["treeSize"] = $"{nodes.Size}",
                ["rootHash"] = nodes.Root(nodes.Size).ToBase64(),
                ["hashes"] = new JsonArray([
                    .. nodes.Inclusion(Index, nodes.Size).Select(hash => JsonValue.Create(hash.ToBase64())),
                ]),
                ["checkpoint"] = new JsonObject { ["envelope"] = File.ReadAllText(folder.In("export/checkpoint")) },
            },
        };

    /// <summary>Rekor v2's hashedrekord 0.0.2, as canonical JSON.</summary>
    byte[] HashedRekord(byte[] signature) =>
        CanonicalJson.Canonicalize(
            JsonSerializer.SerializeToUtf8Bytes(
                new JsonObject
                {
                    ["apiVersion"] = "0.0.2",
                    ["kind"] = "hashedrekord",
                    ["spec"] = new JsonObject
                    {
                        ["hashedRekordV002"] = new JsonObject
                        {
                            ["data"] = new JsonObject
                            {
                                ["algorithm"] = "SHA2_256",
                                ["digest"] = Convert.ToBase64String(SHA256.HashData(Artifact)),
                            },
                            ["signature"] = new JsonObject
                            {
                                ["content"] = Convert.ToBase64String(signature),
                                ["verifier"] = new JsonObject
                                {
                                    ["keyDetails"] = "PKIX_ECDSA_P256_SHA_256",
                                    ["publicKey"] = new JsonObject
                                    {
                                        ["rawBytes"] = Convert.ToBase64String(signer.ExportSubjectPublicKeyInfo()),
                                    },
                                },
                            },
                        },
                    },
                }
            )
        );

    async Task<(int Exit, string Output)> VerifyAsync(JsonObject given)
    {
        Assert.SkipUnless(
            Directory.Exists(Modules),
            "@sigstore/verify is not installed: npm install --prefix artifacts/thirdparty, as ./build does"
        );
        var file = folder.In("given.json");
        await File.WriteAllTextAsync(file, given.ToJsonString());
        var start = new ProcessStartInfo("node", [Checkout.In("test/thirdparty/verify.cjs"), file])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["NODE_PATH"] = Modules;
        using var node = Process.Start(start)!;
        var error = node.StandardError.ReadToEndAsync();
        var output = await node.StandardOutput.ReadToEndAsync();
        await node.WaitForExitAsync();
        return (node.ExitCode, output + await error);
    }

    public void Dispose()
    {
        signer.Dispose();
        folder.Dispose();
    }
}

using System.Diagnostics;
using System.Text.Json.Nodes;
using Mintmark.Tests.House;
using Xunit;

namespace Mintmark.Tests.Evidence;

/// <summary>Programs by others that read what we write; npm gets them for <c>./build</c>.</summary>
static class Stranger
{
    private static readonly string Modules = Checkout.In("artifacts/thirdparty/node_modules");

    /// <summary>@cyclonedx/cyclonedx-library holds a bill of materials against the schema of CycloneDX 1.6.</summary>
    public static Task<(int Exit, string Output)> ValidateAsync(string sbom) =>
        AskAsync("sbom.cjs", "@cyclonedx/cyclonedx-library", sbom);

    /// <summary>@sigstore/verify checks the signature of an envelope.</summary>
    public static Task<(int Exit, string Output)> VerifyAsync(JsonNode envelope, byte[] publicKey) =>
        AskAsync(
            "attest.cjs",
            "@sigstore/verify",
            new JsonObject
            {
                ["envelope"] = envelope.DeepClone(),
                ["key"] = Convert.ToBase64String(publicKey),
            }.ToJsonString()
        );

    /// <summary>It reads a bundle as sigstore's tools write them.</summary>
    public static Task<(int Exit, string Output)> VerifyBundleAsync(string bundle, byte[] publicKey) =>
        AskAsync(
            "attest.cjs",
            "@sigstore/verify",
            new JsonObject
            {
                ["bundle"] = JsonNode.Parse(bundle),
                ["key"] = Convert.ToBase64String(publicKey),
            }.ToJsonString()
        );

    private static async Task<(int Exit, string Output)> AskAsync(string script, string module, string text)
    {
        Assert.SkipUnless(
            Directory.Exists(Path.Combine(Modules, module)),
            $"{module} is not installed: npm install --prefix artifacts/thirdparty, as ./build does"
        );
        var file = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(file, text);
            var start = new ProcessStartInfo("node", [Checkout.In($"test/thirdparty/{script}"), file])
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                Environment = { ["NODE_PATH"] = Modules },
            };
            using var node = Process.Start(start)!;
            var error = node.StandardError.ReadToEndAsync();
            var output = await node.StandardOutput.ReadToEndAsync();
            await node.WaitForExitAsync();
            return (node.ExitCode, output + await error);
        }
        finally
        {
            File.Delete(file);
        }
    }
}

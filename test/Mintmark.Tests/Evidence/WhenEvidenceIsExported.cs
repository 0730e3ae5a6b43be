using System.Text;
using System.Text.Json.Nodes;
using Mintmark.Evidence;
using Mintmark.Log;
using Mintmark.Releases;
using Mintmark.Tests.Log;
using Xunit;

namespace Mintmark.Tests.Evidence;

public sealed class WhenEvidenceIsExported : IDisposable
{
    private static readonly string[] Files =
    [
        "builder.pub",
        "built.tlog-proof",
        "cases.json",
        "gate.intoto.json",
        "gate.sigstore.json",
        "gate.tlog-proof",
        "key",
        "policy.json",
        "provenance.intoto.json",
        "provenance.sigstore.json",
        "results-full.xml",
        "results-smoke.xml",
        "sbom.cdx.json",
        "shipped.tlog-proof",
        "source.intoto.json",
        "source.sigstore.json",
        "suite-full.tlog-proof",
        "suite-smoke.tlog-proof",
        "test-full.intoto.json",
        "test-full.sigstore.json",
        "test-smoke.intoto.json",
        "test-smoke.sigstore.json",
    ];

    private readonly EvidenceHome home = new();

    public void Dispose() => home.Dispose();

    [Fact]
    public void AllOfItHoldsWithTheLogsKeyAlone()
    {
        home.Export();

        var verdict = home.Check();

        Assert.Empty(verdict.Wrong);
        Assert.Equal(Made.Version.Mark, verdict.Mark);
        Assert.Equal(Files, Directory.GetFiles(home.Folder).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        Assert.Equal(10, verdict.Held.Count);
    }

    [Fact]
    public void AChangeAnywhereInAnyFileIsFound()
    {
        home.Export();
        foreach (var name in Files)
        {
            var file = Path.Combine(home.Folder, name);
            var good = File.ReadAllBytes(file);
            // The end of a proof is a signature of two: either one alone is enough.
            var length = name.EndsWith("-proof", StringComparison.Ordinal)
                ? good.AsSpan().IndexOf("\n\n\u2014"u8)
                : good.Length;
            // A bundle is compared as a whole.
            var places = name.EndsWith(".sigstore.json", StringComparison.Ordinal) ? 8 : 40;
            for (var at = 0; at < length; at += 1 + (length / places))
            {
                var bad = good.ToArray();
                bad[at] ^= 1;
                File.WriteAllBytes(file, bad);
                Assert.True(home.Check().Wrong.Count > 0 || IsOnlyLayout(name, good, bad), $"{name}, byte {at}");
            }
            File.WriteAllBytes(file, good);
        }
        Assert.Empty(home.Check().Wrong);
    }

    [Fact]
    public void AMissingFileIsFoundUnlessItIsATestsOutput()
    {
        home.Export();
        foreach (var name in Files)
        {
            var file = Path.Combine(home.Folder, name);
            var good = File.ReadAllBytes(file);
            File.Delete(file);
            var optional = name is "results-full.xml" or "results-smoke.xml";
            Assert.True(optional == (home.Check().Wrong.Count == 0), name);
            File.WriteAllBytes(file, good);
        }
    }

    [Fact]
    public void AFileThatDoesNotBelongIsFound()
    {
        home.Export();
        File.WriteAllText(Path.Combine(home.Folder, "approval.intoto.json"), "{}");

        Assert.Equal(["approval.intoto.json is no part of this evidence"], home.Check().Wrong);
    }

    [Fact]
    public void WhatAnotherKeySignedIsNotTheGates()
    {
        home.Export();
        var file = Path.Combine(home.Folder, "gate.intoto.json");
        using var stranger = StatementKey.Create();
        var payload = JsonNode.Parse(home.PayloadOf("gate.intoto.json"))!.AsObject();
        File.WriteAllBytes(file, Dsse.Seal(payload, stranger));

        Assert.Equal(["gate.intoto.json is not signed by the builder's key, or was changed"], home.Check().Wrong);
    }

    [Theory]
    [InlineData("verificationResult", "PASSED", "FAILED")]
    [InlineData("timeVerified", "1970-01-01T00:02:00Z", "2020-01-01T00:00:00Z")]
    public void WhatTheBuildersKeySignedBesideTheLogIsFound(string what, string logged, string instead)
    {
        home.Export();
        var payload = JsonNode.Parse(home.PayloadOf("gate.intoto.json"))!.AsObject();
        Assert.Equal(logged, (string)payload["predicate"]![what]!);
        payload["predicate"]![what] = instead;
        File.WriteAllBytes(Path.Combine(home.Folder, "gate.intoto.json"), Dsse.Seal(payload, home.Key));

        Assert.Equal(["gate.intoto.json says something else than the log's entry"], home.Check().Wrong);
    }

    [Theory]
    [InlineData("predicateType", "https://example.org/other")]
    [InlineData("predicate/verifier/id", "urn:another:gate")]
    [InlineData("predicate/resourceUri", "pkg:oci/other")]
    [InlineData("predicate/verifiedLevels/0", "SLSA_BUILD_LEVEL_3")]
    [InlineData("predicate/mintmark/controls/0/control", "two-people")]
    [InlineData("predicate/mintmark/controls/0/reason", "forged")]
    public void NoWordOfTheGatesSummaryIsAnotherThanTheLogs(string where, string instead)
    {
        home.Export();
        var payload = JsonNode.Parse(home.PayloadOf("gate.intoto.json"))!.AsObject();
        var path = where.Split('/');
        var at = path[..^1]
            .Aggregate((JsonNode)payload, (n, p) => n is JsonArray list ? list[int.Parse(p, null)]! : n[p]!);
        if (at is JsonArray texts)
            texts[int.Parse(path[^1], null)] = instead;
        else
            at[path[^1]] = instead;
        File.WriteAllBytes(Path.Combine(home.Folder, "gate.intoto.json"), Dsse.Seal(payload, home.Key));

        Assert.Equal(["gate.intoto.json says something else than the log's entry"], home.Check().Wrong);
    }

    [Fact]
    public void TheKeysThatItBringsAlongAreNoOthers()
    {
        home.Export();
        using var stranger = StatementKey.Create();
        using var other = LogKey.Create();
        File.WriteAllBytes(Path.Combine(home.Folder, "builder.pub"), EvidenceExport.PemOf(stranger.PublicKey));
        Assert.Equal(["builder.pub is not the builder's that the log names"], home.Check().Wrong);
        File.WriteAllBytes(Path.Combine(home.Folder, "builder.pub"), EvidenceExport.PemOf(home.Key.PublicKey));
        File.WriteAllText(Path.Combine(home.Folder, "key"), other.VerifierText(LogFolder.Origin) + "\n");
        Assert.Equal(["key is not the log's key that it was held against"], home.Check().Wrong);
    }

    [Fact]
    public void TheFirstKeyIsEnoughAfterARotation()
    {
        home.RotateKey();
        home.Export();

        Assert.Empty(home.Check().Wrong);
        var handovers = Path.Combine(home.Folder, "handovers");
        var good = File.ReadAllBytes(handovers);
        // One of the two signatures may become one that nobody knows.
        for (var at = 0; at < good.AsSpan().IndexOf("\n\n\u2014"u8); at += 7)
        {
            var bad = good.ToArray();
            bad[at] ^= 1;
            File.WriteAllBytes(handovers, bad);
            Assert.NotEmpty(home.Check().Wrong);
        }
        File.Delete(handovers);
        Assert.NotEmpty(home.Check().Wrong);
    }

    [Fact]
    public void AnotherLogsKeyProvesNothing()
    {
        home.Export();
        using var other = LogKey.Create();
        using var verifier = LogVerifier.Parse(other.VerifierText("mintmark.test"));

        Assert.NotEmpty(EvidenceCheck.Of(home.Folder, verifier).Wrong);
    }

    [Fact]
    public void AVersionThatTheLogDoesNotHaveIsNamed()
    {
        var none = Assert.Throws<EvidenceException>(() => home.Export(new Mark(new ServiceName("bank"), 9)));

        Assert.Equal("the log has no version bank-9", none.Message);
        Assert.False(Directory.Exists(home.Folder));
    }

    [Fact]
    public void ResultsThatWereChangedAtHomeAreNotHandedOut()
    {
        File.WriteAllText(home.Results("smoke"), "<testsuite/>");

        var changed = Assert.Throws<EvidenceException>(() => home.Export());
        Assert.EndsWith("is not what the log has of suite smoke: it was changed", changed.Message, default);
    }

    [Fact]
    public void TheProvenanceNamesCommitToolsPackagesAndTimes()
    {
        home.Export();

        var predicate = JsonNode.Parse(home.PayloadOf("provenance.intoto.json"))!["predicate"]!;
        var used = predicate["buildDefinition"]!["resolvedDependencies"]!.AsArray();
        Assert.Equal(new string('c', 40), (string)used[0]!["digest"]!["gitCommit"]!);
        Assert.Equal(["git", "dotnet"], used.Skip(1).Take(2).Select(d => (string)d!["name"]!));
        Assert.Contains("pkg:npm/ws@8.18.0", used.Skip(3).Select(d => (string)d!["uri"]!));
        Assert.Equal("1970-01-01T00:01:00Z", (string)predicate["runDetails"]!["metadata"]!["finishedOn"]!);
        Assert.Equal(
            ["sbom.cdx.json", "results-smoke.xml", "results-full.xml"],
            predicate["runDetails"]!["byproducts"]!.AsArray().Select(b => (string)b!["name"]!)
        );
    }

    [Theory]
    [InlineData("provenance.intoto.json")]
    [InlineData("test-full.intoto.json")]
    [InlineData("source.intoto.json")]
    [InlineData("gate.intoto.json")]
    public async Task AStrangerAcceptsTheEnvelopeAndNoOther(string name)
    {
        home.Export();
        var envelope = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(home.Folder, name)))!;

        var (exit, output) = await Stranger.VerifyAsync(envelope, home.Key.PublicKey);
        Assert.Equal((0, "verified"), (exit, output.Trim()));

        using var other = StatementKey.Create();
        Assert.NotEqual(0, (await Stranger.VerifyAsync(envelope, other.PublicKey)).Exit);
        envelope["payload"] = Convert.ToBase64String("{}"u8);
        Assert.NotEqual(0, (await Stranger.VerifyAsync(envelope, home.Key.PublicKey)).Exit);
    }

    [Fact]
    public async Task AStrangerAcceptsTheBundleAsItIs()
    {
        home.Export();
        var bundle = await File.ReadAllTextAsync(Path.Combine(home.Folder, "provenance.sigstore.json"));

        var (exit, output) = await Stranger.VerifyBundleAsync(bundle, home.Key.PublicKey);

        Assert.Equal((0, "verified"), (exit, output.Trim()));
        using var other = StatementKey.Create();
        Assert.NotEqual(0, (await Stranger.VerifyBundleAsync(bundle, other.PublicKey)).Exit);
    }

    [Fact]
    public void TheKeyIsForItsOwnerAlone()
    {
        using var made = StatementKey.LoadOrCreate(home.In("key.pem"));
        using var again = StatementKey.LoadOrCreate(home.In("key.pem"));

        Assert.Equal(made.PublicKey, again.PublicKey);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(home.In("key.pem")));
        File.SetUnixFileMode(home.In("key.pem"), UnixFileMode.UserRead | UnixFileMode.OtherRead);
        Assert.Throws<LogStorageException>(() => StatementKey.LoadOrCreate(home.In("key.pem")));
    }

    /// <summary>The gate's envelope is made at export: only what was signed counts, not the JSON around.</summary>
    private static bool IsOnlyLayout(string name, byte[] good, byte[] bad) =>
        name == "gate.intoto.json" && Signed(good) == Signed(bad);

    private static (string, string)? Signed(byte[] envelope)
    {
        try
        {
            var json = JsonNode.Parse(Encoding.UTF8.GetString(envelope))!;
            return ((string)json["payload"]!, (string)json["signatures"]![0]!["sig"]!);
        }
        catch (Exception e) when (e is System.Text.Json.JsonException or NullReferenceException)
        {
            return null;
        }
    }
}

using System.Text.Json.Nodes;
using Mintmark.Evidence;
using Xunit;

namespace Mintmark.Tests.Evidence;

public sealed class WhenComponentsAreAudited : IDisposable
{
    private static readonly DateTimeOffset Now = new(2026, 3, 2, 0, 0, 0, TimeSpan.Zero);

    private readonly Advisories advisories = new();

    public void Dispose() => advisories.Dispose();

    [Theory]
    [InlineData("6.9.9", false)]
    [InlineData("7.0.0", true)]
    [InlineData("7.5.9", true)]
    [InlineData("7.5.10", false)]
    [InlineData("8.0.0-rc.1", false)]
    [InlineData("8.18.0", true)]
    [InlineData("8.18.1", false)]
    public void AVersionIsAffectedWithinARange(string version, bool affected) =>
        Assert.Equal(affected, IsFound(Advisories.Ws, $"pkg:npm/ws@{version}"));

    [Theory]
    [InlineData("pkg:npm/%40scope/ws@8.1.0", "npm", "@scope/ws", true)]
    [InlineData("pkg:npm/ws@8.1.0", "npm", "@scope/ws", false)]
    [InlineData("pkg:pypi/zope-interface@8.1.0", "PyPI", "Zope.Interface", true)]
    [InlineData("pkg:nuget/Npgsql@8.1.0", "NuGet", "npgsql", true)]
    [InlineData("pkg:deb/debian/libssl3t64@8.1.0?arch=amd64&upstream=openssl", "Debian:13", "openssl", true)]
    [InlineData("pkg:deb/debian/libssl3t64@8.1.0?arch=amd64&upstream=openssl", "Debian:13", "libssl3t64", false)]
    [InlineData("pkg:deb/debian/libc6@9?arch=amd64&upstream=glibc%408.1", "Debian:13", "glibc", true)]
    [InlineData("pkg:cargo/x@8.1.0", "crates.io", "x", false)]
    public void ThePackageIsTheAdvisorysOwn(string purl, string ecosystem, string name, bool found) =>
        Assert.Equal(
            found,
            IsFound(
                $$"""
                {"id":"A-1","modified":"2024-01-01T00:00:00Z","affected":[{"package":{"ecosystem":"{{ecosystem}}",
                "name":"{{name}}"},"ranges":[{"type":"ECOSYSTEM",
                "events":[{"introduced":"0"},{"last_affected":"8.1.0"}]}]}]}
                """,
                purl
            )
        );

    [Theory]
    [InlineData("""{"versions":["1.0.0","8.1.0"]}""", true)]
    [InlineData("""{"versions":["1.0.0"]}""", false)]
    [InlineData("""{"ranges":[{"type":"GIT","repo":"x","events":[{"introduced":"0"}]}]}""", false)]
    [InlineData("""{"ranges":[{"type":"SEMVER","events":[{"introduced":"0"}]}]}""", true)]
    [InlineData("""{"ranges":[{"type":"SEMVER","events":[{"introduced":"0"},{"last_affected":"8.0.9"}]}]}""", false)]
    public void VersionsAreNamedOrInARange(string what, bool found) =>
        Assert.Equal(found, IsFound(Of("A-1", what), "pkg:npm/ws@8.1.0"));

    [Fact]
    public void WhatIsWithdrawnIsPassedOver() =>
        Assert.False(
            IsFound(
                Of("A-1", """{"versions":["8.1.0"]}""")
                    .Replace("{\"id\"", "{\"withdrawn\":\"2025-01-01T00:00:00Z\",\"id\"", default),
                "pkg:npm/ws@8.1.0"
            )
        );

    [Fact]
    public void AFindingSaysWhatAndSinceWhen()
    {
        var audit = advisories.With("npm/GHSA-ws.json", Advisories.Ws).Place.Audit(["pkg:npm/ws@8.18.0"], Now)!;

        var found = Assert.Single(audit.Open);
        Assert.Equal(("GHSA-ws", "ws affected by a DoS"), (found.Advisory, found.Summary));
        Assert.Equal(new DateTimeOffset(2024, 6, 17, 19, 9, 12, TimeSpan.Zero), found.Known);
        Assert.Equal(["GHSA-ws in pkg:npm/ws@8.18.0"], audit.Summary().Open);
        Assert.Equal("GHSA-ws", (string)JsonNode.Parse(audit.ToJson())!["open"]![0]!["advisory"]!);
    }

    [Theory]
    [InlineData("GHSA-ws", "pkg:npm/ws@8.18.0", "not_affected", "2026-03-03", true)]
    [InlineData("CVE-2024-37890", "pkg:npm/ws", "false_positive", "2026-03-03", true)]
    [InlineData("GHSA-ws", "pkg:npm/ws@8.17.0", "not_affected", "2026-03-03", false)]
    [InlineData("GHSA-other", "pkg:npm/ws", "not_affected", "2026-03-03", false)]
    [InlineData("GHSA-ws", "pkg:npm/ws", "exploitable", "2026-03-03", false)]
    [InlineData("GHSA-ws", "pkg:npm/ws", "not_affected", "2026-03-02", false)]
    public void AStatementExcusesUntilItExpires(string id, string package, string state, string until, bool excused)
    {
        var audit = advisories
            .With("GHSA-ws.json", Advisories.Ws)
            .Excusing(id, package, state, until)
            .Place.Audit(["pkg:npm/ws@8.18.0"], Now)!;

        Assert.Equal(excused ? (0, 1) : (1, 0), (audit.Open.Count, audit.Excused.Count));
    }

    [Fact]
    public void AZipSaysWhatItsFolderSays()
    {
        advisories.With("a.json", Advisories.Ws).With("npm/b.json", Of("A-1", """{"versions":["8.1.0"]}"""));
        var folder = AdvisorySnapshot.Load(advisories.Folder);
        var zip = AdvisorySnapshot.Load(advisories.Zip());

        Assert.Equal((2, folder.Digest), (zip.Advisories, zip.Digest));
    }

    [Fact]
    public void AnotherAdvisoryIsAnotherSnapshotAndReadAtOnce()
    {
        var place = advisories.With("a.json", Advisories.Ws).Place;
        var first = place.Audit(["pkg:npm/ws@8.18.0"], Now)!;
        Assert.Same(first.Snapshot, place.Audit([], Now)!.Snapshot);

        advisories.With("b.json", Of("A-1", """{"versions":["8.18.0"]}"""));
        var second = place.Audit(["pkg:npm/ws@8.18.0"], Now)!;

        Assert.NotEqual(first.Snapshot.Digest, second.Snapshot.Digest);
        Assert.Equal(2, second.Open.Count);
    }

    [Fact]
    public void WithoutAdvisoriesThereIsNoAudit() => Assert.Null(advisories.Place.Audit(["pkg:npm/ws@1.0.0"], Now));

    [Theory]
    [InlineData("{", "a.json, line 1: it is no JSON, or has a property twice")]
    [InlineData("""{"modified":"2024-01-01T00:00:00Z"}""", "a.json, as a whole: it has no id")]
    [InlineData(
        """{"id":"A","modified":"x","affected":[{"package":{"ecosystem":"npm","name":"a"}}]}""",
        "a.json, modified: accepted: a time such as 2026-03-02T10:11:15Z"
    )]
    [InlineData(
        """{"id":"A","affected":[{"package":{"ecosystem":"npm"}}]}""",
        "a.json, affected[0].package: it has no name"
    )]
    public void ADamagedAdvisoryIsNamedWithThePlace(string json, string complaint)
    {
        advisories.With("a.json", json);

        Assert.Equal(
            complaint,
            Assert.Throws<MaterialsException>(() => AdvisorySnapshot.Load(advisories.Folder)).Message
        );
    }

    [Theory]
    [InlineData("""{"bomFormat":"x"}""", "v, as a whole: accepted: bomFormat CycloneDX")]
    [InlineData(
        """{"bomFormat":"CycloneDX","metadata":{}}""",
        "v, metadata: it names no author: accepted are authors with a name"
    )]
    [InlineData(
        """{"bomFormat":"CycloneDX","metadata":{"authors":[{"name":"a"}]},"vulnerabilities":[]}""",
        "v, metadata: it has no property mintmark:expires: a statement must end"
    )]
    public void AStatementNeedsAnAuthorAndAnEnd(string json, string complaint) =>
        Assert.Equal(
            complaint,
            Assert.Throws<MaterialsException>(() => Vex.Read("v", System.Text.Encoding.UTF8.GetBytes(json))).Message
        );

    [Fact]
    public void AFileThatIsNoZipIsNamed()
    {
        File.WriteAllText(advisories.Folder + ".zip", "nonsense");

        var damaged = Assert.Throws<MaterialsException>(() => advisories.Place.Audit([], Now));
        Assert.StartsWith("advisories.zip, as a whole: no zip file", damaged.Message, StringComparison.Ordinal);
    }

    private bool IsFound(string advisory, string purl) =>
        advisories.With("a.json", advisory).Place.Audit([purl], Now)!.Open.Count > 0;

    private static string Of(string id, string affected) =>
        $$"""{"id":"{{id}}","modified":"2024-01-01T00:00:00Z","affected":[{"package":{"ecosystem":"npm","name":"ws"},"""
        + affected[1..]
        + "]}";
}

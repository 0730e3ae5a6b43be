using System.Text.Json.Nodes;
using Mintmark.Evidence;
using Mintmark.Log;
using Mintmark.Releases;
using Mintmark.Server;
using Mintmark.Tests.Build;
using Xunit;

namespace Mintmark.Tests.Evidence;

public sealed class WhenABuildLeavesEvidence : IDisposable
{
    private readonly BuildHome home;
    private readonly KeptBodies kept;
    private readonly StatementKey key = StatementKey.Create();
    private readonly Advisories advisories = new();

    public WhenABuildLeavesEvidence()
    {
        home = new BuildHome(
            materials: (files, source, manifest) =>
                Evidencing.Begin(new EvidenceMaker(kept!, key, advisories.Place), _ => ([], 0), files, source, manifest)
        );
        kept = new KeptBodies(home.In("evidence"));
        home.Repository.Write("web/package-lock.json", LockFiles.Npm.Item2);
        home.Repository.Write("go.mod", "module x");
        home.Repository.Commit("one");
    }

    public void Dispose()
    {
        home.Dispose();
        key.Dispose();
        advisories.Dispose();
    }

    [Fact]
    public async Task TheLogHasTheDigestOfWhatIsKept()
    {
        var artifact = await home.BuiltAsync(BuildHome.Manifest());

        var evidence = Assert.IsType<BuildEvidence>(artifact.Evidence);
        Assert.Equal(6, evidence.Components);
        Assert.Equal(["go: go.mod"], evidence.NotCovered);
        var sbom = evidence.Find(Sbom.FileName)!;
        var bom = JsonNode.Parse(kept.Read(Hash.Parse(sbom.Digest["sha256:".Length..])))!;
        Assert.Equal(artifact.Digest, (string)bom["metadata"]!["properties"]![1]!["value"]!);
    }

    [Fact]
    public async Task WhatSuitesInstallIsNotOfTheVersion()
    {
        var artifact = await home.BuiltAsync(
            BuildHome.Manifest(smoke: $"echo 'x==1' > requirements.txt; echo '{BuildHome.Passing}' > smoke.xml")
        );

        Assert.Equal(6, artifact.Evidence!.Components);
    }

    [Fact]
    public async Task WhatTheBuildCommandInstallsIs()
    {
        var artifact = await home.BuiltAsync(
            BuildHome.Manifest("echo a > $OUT/a; echo 'x==1' > requirements.txt; ln -s /etc/passwd requirements-2.txt")
        );

        Assert.Equal(7, artifact.Evidence!.Components);
    }

    [Fact]
    public async Task WhatIsKnownAgainstAComponentIsInTheLog()
    {
        advisories.With("GHSA-ws.json", Advisories.Ws);

        var evidence = (await home.BuiltAsync(BuildHome.Manifest())).Evidence!;

        Assert.Equal(["GHSA-ws in pkg:npm/ws@8.18.0"], evidence.Audit!.Open);
        Assert.NotNull(evidence.Find(ComponentAudit.FileName));
    }

    [Fact]
    public async Task ADamagedAdvisoryEndsTheBuildWithItsName()
    {
        advisories.With("GHSA-ws.json", "{");

        var failed = await home.FailedAsync(BuildHome.Manifest());

        Assert.Equal(BuildStage.Pack, failed.Stage);
        Assert.StartsWith("its components cannot be audited: GHSA-ws.json, line 1", failed.Reason, default);
    }

    [Fact]
    public async Task ADamagedLockFileEndsTheBuildWithItsNameAndPlace()
    {
        var failed = await home.FailedAsync(BuildHome.Manifest("echo a > $OUT/a; echo '{' > web/package-lock.json"));

        Assert.Equal(BuildStage.Build, failed.Stage);
        Assert.StartsWith(
            "where it comes from and what it is made of cannot be told: web/package-lock.json, line ",
            failed.Reason,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void WhatIsKeptCannotBecomeSomethingElse()
    {
        var hash = kept.Keep("a"u8);
        var file = Assert.Single(Directory.GetFiles(home.In("evidence")));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        File.WriteAllText(file, "b");

        Assert.Throws<LogCorruptException>(() => kept.Read(hash));
    }
}

using Mintmark.Evidence;
using Xunit;

namespace Mintmark.Tests.Evidence;

public sealed class WhenLockFilesAreRead
{
    [Fact]
    public void NugetsAssetsAreWhatTheCompilerGot()
    {
        var made = Made.Of(LockFiles.Assets);

        Assert.Equal(
            ["pkg:nuget/Microsoft.Extensions.Logging.Abstractions@10.0.2 SHA-512", "pkg:nuget/Npgsql@10.0.0 SHA-512"],
            Listed(made)
        );
        Assert.Equal(["pkg:nuget/Npgsql@10.0.0"], made.Direct);
        Assert.Equal(
            ["pkg:nuget/Microsoft.Extensions.Logging.Abstractions@10.0.2"],
            made.DependsOn["pkg:nuget/Npgsql@10.0.0"]
        );
        Assert.Empty(made.NotCovered);
    }

    [Fact]
    public void NugetsLockFileIsReadWhereNothingWasRestored()
    {
        var made = Made.Of(LockFiles.NugetLock);

        Assert.Equal(["pkg:nuget/Dapper@2.1.66 SHA-512", "pkg:nuget/System.Memory@4.6.0 SHA-512"], Listed(made));
        Assert.Equal(["pkg:nuget/Dapper@2.1.66"], made.Direct);
        Assert.Equal(["pkg:nuget/System.Memory@4.6.0"], made.DependsOn["pkg:nuget/Dapper@2.1.66"]);
    }

    [Fact]
    public void WhatWasRestoredStandsOverTheLockFile() =>
        Assert.Equal(2, Made.Of(LockFiles.Assets, ("src/packages.lock.json", LockFiles.NugetLock.Item2)).Count);

    [Fact]
    public void NpmsPackagesAreFoundAsNodeFindsThem()
    {
        var made = Made.Of(LockFiles.Npm);

        Assert.Equal(
            [
                "pkg:npm/%40scope/quotes@1.0.0 SHA-512",
                "pkg:npm/bytes@2.5.0",
                "pkg:npm/bytes@3.1.2",
                "pkg:npm/fsevents@2.3.3",
                "pkg:npm/tap@1.0.0",
                "pkg:npm/ws@8.18.0 SHA-512",
            ],
            Listed(made)
        );
        Assert.Equal(["pkg:npm/%40scope/quotes@1.0.0", "pkg:npm/tap@1.0.0", "pkg:npm/ws@8.18.0"], made.Direct);
        Assert.Equal(["pkg:npm/bytes@2.5.0"], made.DependsOn["pkg:npm/%40scope/quotes@1.0.0"]);
        Assert.Equal(["pkg:npm/bytes@3.1.2"], made.DependsOn["pkg:npm/ws@8.18.0"]);
        Assert.Equal(Use.Development, made.Components["pkg:npm/tap@1.0.0"].Use);
        Assert.Equal(Use.Optional, made.Components["pkg:npm/fsevents@2.3.3"].Use);
    }

    [Fact]
    public void WhatNpmDidNotInstallHereIsNotListed()
    {
        var installed = ("web/node_modules/.package-lock.json", """{"packages":{"node_modules/bytes":{}}}""");

        Assert.Equal(["pkg:npm/bytes@3.1.2"], Listed(Made.Of(LockFiles.Npm, installed)));
    }

    [Fact]
    public void RequirementsOfExactVersionsAreListedAndOthersNamed()
    {
        var made = Made.Of(LockFiles.Requirements);

        Assert.Equal(["pkg:pypi/numpy@2.1.0", "pkg:pypi/zope-interface@7.2 SHA-256 SHA-256"], Listed(made));
        Assert.Equal(
            [
                "python: requirements.txt line 7 names no exact version of requests",
                "python: requirements.txt line 8 installs a folder or repository",
            ],
            made.NotCovered
        );
    }

    [Theory]
    [InlineData("-r requirements/base.txt", "requirements/base.txt")]
    [InlineData("-rbase.txt", "base.txt")]
    [InlineData("--requirement ../base.txt  # all of it", "../base.txt")]
    [InlineData("--requirement=https://pypi.example/base.txt", "https://pypi.example/base.txt")]
    [InlineData("-c constraints.txt", "constraints.txt")]
    [InlineData("--constraint=/etc/requirements.txt", "/etc/requirements.txt")]
    [InlineData("-r ../requirements.txt", null)]
    [InlineData("--requirement=./requirements-base.txt", null)]
    [InlineData("--require-hashes", null)]
    public void WhereAFileGoesOnInOneThatIsNotReadItIsNamed(string option, string? target)
    {
        var made = Made.Of(
            ("batch/requirements.txt", $"numpy==2.1.0\n{option}\n"),
            ("batch/requirements-base.txt", ""),
            ("requirements.txt", "")
        );
        Assert.Equal(
            target is null ? [] : [$"python: batch/requirements.txt line 2 goes on in {target}, which is not read"],
            made.NotCovered
        );
    }

    [Fact]
    public void PipsInspectionIsWhatIsInstalled()
    {
        var made = Made.Of(LockFiles.Inspect, ("poetry.lock", ""));

        Assert.Equal(
            ["pkg:pypi/pysocks@1.7.1", "pkg:pypi/requests@2.32.3 SHA-256", "pkg:pypi/urllib3@2.2.3"],
            Listed(made)
        );
        Assert.Equal(["pkg:pypi/requests@2.32.3"], made.Direct);
        Assert.Equal(["pkg:pypi/urllib3@2.2.3"], made.DependsOn["pkg:pypi/requests@2.32.3"]);
        Assert.Empty(made.NotCovered);
    }

    [Fact]
    public void InstalledDebianPackagesAreListedWithTheirSources()
    {
        const string libc = "pkg:deb/debian/libc6@1%3A2.41-12%2Bb1?arch=amd64&upstream=glibc%402.41-12";
        const string ssl = "pkg:deb/debian/libssl3t64@3.5.1-1%2Bdeb13u1?arch=amd64&upstream=openssl";
        var made = Made.Of(LockFiles.Dpkg);

        Assert.Equal([libc, ssl], Listed(made));
        Assert.Equal([libc], made.DependsOn[ssl]);
    }

    [Fact]
    public void TheSystemIsNamedByItself()
    {
        var made = Made.Of(LockFiles.Dpkg, ("$OUT/etc/os-release", "NAME=\"Ubuntu\"\nID=ubuntu\nID_LIKE=debian\n"));

        Assert.All(made.Components.Keys, purl => Assert.StartsWith("pkg:deb/ubuntu/", purl, StringComparison.Ordinal));
        Assert.Equal(["deb/ubuntu: its packages are listed, and held against no advisories"], made.NotCovered);
    }

    [Fact]
    public void OnePackageInSeveralFilesIsOneComponent()
    {
        var made = Made.Of(LockFiles.Requirements, ("batch/requirements-prod.txt", LockFiles.Requirements.Item2));

        var numpy = made.Components["pkg:pypi/numpy@2.1.0"];
        Assert.Equal(["batch/requirements-prod.txt", "requirements.txt"], numpy.FoundIn);
        Assert.Equal(2, made.Count);
    }

    [Theory]
    [InlineData("go.mod", "go: go.mod")]
    [InlineData("core/Cargo.lock", "rust: core/Cargo.lock")]
    [InlineData("web/yarn.lock", "npm: web/yarn.lock")]
    [InlineData("poetry.lock", "python: poetry.lock")]
    [InlineData("$OUT/lib/apk/db/installed", "alpine: $OUT/lib/apk/db/installed")]
    [InlineData("$OUT/var/lib/rpm/rpmdb.sqlite", "rpm: $OUT/var/lib/rpm/rpmdb.sqlite")]
    public void AnEcosystemThatNobodyReadsIsNamed(string file, string named) =>
        Assert.Equal([named], Made.Of((file, "anything")).NotCovered);

    [Theory]
    [InlineData("""{"name":"desk"}""", 0)]
    [InlineData("""{"name":"desk","dependencies":{"ws":"^8"}}""", 1)]
    public void WishesWithoutALockFileAreNamed(string package, int named) =>
        Assert.Equal(named, Made.Of(("package.json", package)).NotCovered.Count);

    [Fact]
    public void AnOldLockFileOfNpmIsNamed() =>
        Assert.Equal(
            ["npm: package-lock.json is of another lockfileVersion than 2 and 3"],
            Made.Of(("package-lock.json", """{"lockfileVersion":1,"dependencies":{}}""")).NotCovered
        );

    [Fact]
    public void LockFilesOfInstalledPackagesSayNothing() =>
        Assert.Equal(
            0,
            Made.Of(
                ("node_modules/ws/package-lock.json", "nonsense"),
                ("venv/lib/site-packages/x/requirements.txt", "==="),
                ("$OUT/requirements.txt", "===")
            ).Count
        );

    private static IEnumerable<string> Listed(Materials made) =>
        made.Components.Values.Select(c => string.Join(' ', [c.Purl, .. c.Hashes.Select(h => h.Algorithm)]));
}

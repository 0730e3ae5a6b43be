using Mintmark.Releases;
using Xunit;

namespace Mintmark.Tests.Build;

public sealed class WhenABuildIsToBeReproducible : IDisposable
{
    private readonly BuildHome home = new();

    public WhenABuildIsToBeReproducible()
    {
        home.Repository.Write("src/app.sh", "echo hello");
        home.Repository.Commit("one");
    }

    public void Dispose() => home.Dispose();

    [Fact]
    public async Task OneThatIsGoesOn()
    {
        var artifact = await home.BuiltAsync(Twice("cp -r src $OUT/; ln -s src/app.sh $OUT/link; chmod +x $OUT/src"));

        Assert.Matches("^sha256:", artifact.Digest);
        Assert.False(Directory.Exists(home.In("builds/rel-1/again/out")));
    }

    [Theory]
    [InlineData("pwd > $OUT/app", "app differs")]
    [InlineData("date +%N > $OUT/app; echo same > $OUT/same", "app differs")]
    [InlineData("echo a > $OUT/$(date +%N)", "is only in the first")]
    [InlineData("mkdir $OUT/d; ln -s $(date +%N) $OUT/d/link", "d/link differs (link to ")]
    [InlineData("touch $OUT/a; case $OUT in */again/*) chmod +x $OUT/a;; esac", "a differs (")]
    public async Task OneThatIsNotEndsWithTheFilesThatDiffer(string build, string named)
    {
        var failed = await home.FailedAsync(Twice(build));

        Assert.Equal(BuildStage.Build, failed.Stage);
        Assert.StartsWith("two builds of one commit are not the same: ", failed.Reason, StringComparison.Ordinal);
        Assert.Contains(named, failed.Reason, StringComparison.Ordinal);
        Assert.DoesNotContain("same differs", failed.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task OfManyFilesTheFirstAreNamed()
    {
        var failed = await home.FailedAsync(Twice("for i in $(seq 30); do pwd > $OUT/f$i; done"));

        Assert.EndsWith("; and 20 more", failed.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WithoutTheDemandItIsBuiltOnce()
    {
        await home.BuiltAsync(BuildHome.Manifest("pwd > $OUT/app"));

        Assert.False(Directory.Exists(home.In("builds/rel-1/again")));
    }

    [Theory]
    [InlineData("required", true)]
    [InlineData("no", false)]
    public void TheManifestDemandsIt(string word, bool demanded)
    {
        var yaml = ManifestText.Good.Replace("timeout: 20m", $"timeout: 20m, reproducible: {word}", default);

        Assert.Equal(demanded, ManifestText.Parse(yaml).Build.Reproducible);
    }

    [Fact]
    public void AnotherWordIsRefused() =>
        Assert.Contains(
            "accepted: required or no",
            ManifestText.Problem(ManifestText.Good.Replace("timeout: 20m", "reproducible: maybe", default)),
            StringComparison.Ordinal
        );

    private static Manifest Twice(string command) =>
        BuildHome.Manifest() with
        {
            Build = new BuildPlan(command, 60, Reproducible: true),
        };
}

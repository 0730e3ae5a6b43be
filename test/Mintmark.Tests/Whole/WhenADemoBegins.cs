using Mintmark.Build;
using Mintmark.Cli.Demo;
using Xunit;

namespace Mintmark.Tests.Whole;

/// <summary>What takes five seconds on a quick machine takes longer on a slow one.</summary>
public sealed class WhenADemoBegins : IDisposable
{
    readonly string folder = Directory.CreateTempSubdirectory("mintmark-demo-begins-").FullName;

    [Theory]
    [InlineData(900, 5)]
    [InlineData(1_300, 6)]
    [InlineData(4_400, 18)]
    [InlineData(60_000, 30)]
    public void ItsVersionsWarmUpByHowLongAControlPlaneTakesToStart(int milliseconds, int seconds) =>
        Assert.Equal(TimeSpan.FromSeconds(seconds), DemoCommand.WarmUp(TimeSpan.FromMilliseconds(milliseconds)));

    [Theory]
    [InlineData(5)]
    [InlineData(18)]
    public void ItsManifestSaysSo(int seconds)
    {
        var bank = Path.Combine(folder, "bank");

        new DemoRepository(DemoRepository.Examples(), bank).Begin(TimeSpan.FromSeconds(seconds));

        var manifest = ManifestFile.Parse(File.ReadAllText(Path.Combine(bank, "mint.yaml")), "mint.yaml");
        Assert.Equal(seconds, manifest.Rollout.WarmUpSeconds);
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);
}

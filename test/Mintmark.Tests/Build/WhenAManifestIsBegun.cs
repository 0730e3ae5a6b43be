using Mintmark.Build;
using Mintmark.Releases;
using Xunit;

namespace Mintmark.Tests.Build;

public sealed class WhenAManifestIsBegun : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("My.Bank_2-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [InlineData("src/Bank.csproj", "<Project Sdk=\"Microsoft.NET.Sdk.Web\"/>", "dotnet publish src/Bank.csproj")]
    [InlineData("requirements.txt", "flask", "pip install --target \"$OUT/lib\" -r requirements.txt")]
    [InlineData("pyproject.toml", "[project]", "pip install --target \"$OUT/lib\" .")]
    [InlineData("package.json", "{}", "npm install && npm run build --if-present")]
    [InlineData("package-lock.json", "{}", "cp -r . \"$OUT\"")]
    public void ItFitsWhatIsInTheFolder(string file, string content, string build)
    {
        Write(file, content);

        var manifest = Parsed(null);

        Assert.Contains(build, manifest.Build.Command, StringComparison.Ordinal);
        Assert.StartsWith("my-bank-2-", manifest.Name.Value, StringComparison.Ordinal);
        Assert.NotEqual(manifest.Smoke.Results, manifest.Full.Results);
    }

    [Fact]
    public void TheServiceIsToldFromItsTests()
    {
        Write(
            "a/Bank.Tests.csproj",
            "<Project Sdk=\"Microsoft.NET.Sdk\"><PackageReference Include=\"xunit.v3\"/></Project>"
        );
        Write("b/My Bank.csproj", "<Project Sdk=\"Microsoft.NET.Sdk.Web\"/>");

        var manifest = Parsed(null);

        Assert.Equal("dotnet publish 'b/My Bank.csproj' -c Release -o \"$OUT\"", manifest.Build.Command);
        Assert.Contains("dotnet test a/Bank.Tests.csproj", manifest.Full.Command, StringComparison.Ordinal);
        Assert.EndsWith("exec dotnet 'My Bank.dll'", manifest.Run.Command, StringComparison.Ordinal);
    }

    [Fact]
    public void EveryProfileGetsItsOwnRollout()
    {
        foreach (var profile in Profiles.All)
        {
            var written = Parsed(profile);
            var yaml = ManifestTemplate.For(folder, profile);
            var withoutRollout = ManifestText.Parse(yaml[..yaml.IndexOf("\nrollout:", StringComparison.Ordinal)]);

            Assert.Equal(profile, written.Profile);
            Assert.Equal(withoutRollout.Rollout.Steps, written.Rollout.Steps);
            Assert.Equal(withoutRollout.Rollout with { Steps = [] }, written.Rollout with { Steps = [] });
        }
    }

    [Fact]
    public void AProfileThatDoesNotExistIsRefused() =>
        Assert.StartsWith(
            "there is no profile 'bank'; accepted: cryptocurrency,",
            Assert.Throws<ArgumentException>(() => ManifestTemplate.For(folder, "bank")).Message,
            StringComparison.Ordinal
        );

    [Fact]
    public void AFolderWithoutALetterStillGetsAName()
    {
        var nameless = Directory.CreateDirectory(Path.Combine(folder, "2026")).FullName;

        Assert.Contains("\nname: service\n", ManifestTemplate.For(nameless, null), StringComparison.Ordinal);
    }

    private void Write(string path, string content)
    {
        var full = Path.Combine(folder, path);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        File.WriteAllText(full, content);
    }

    private Manifest Parsed(string? profile) => ManifestText.Parse(ManifestTemplate.For(folder, profile));
}

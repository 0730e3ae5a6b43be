using System.Text.Json;
using Mintmark.Cli;
using Mintmark.Log;
using Mintmark.Server;
using Xunit;

namespace Mintmark.Tests.Cli;

public sealed class WhenTheLogIsExported
{
    /// <summary>Every byte of small files, and of large ones so many of them that the test takes seconds.</summary>
    private const int Flips = 60;

    [Fact]
    public async Task AnybodyCanVerifyItOffline()
    {
        using var mint = new Mint();
        LoggedHome.Write(mint, Story.OnTheRamp());
        var exported = await mint.RunAsync("log", "export", "audit");
        Assert.Equal((0, ""), (exported.Exit, exported.Error));
        Golden.Matches("log-exported", exported.Out);
        Directory.Delete(mint.HomeFolder, recursive: true);
        var said = await mint.RunAsync("log", "verify", "audit");
        Assert.Equal((0, ""), (said.Exit, said.Error));
        Golden.Matches("log-export-verified", said.Out);
    }

    [Fact]
    public async Task AKeyHadFromElsewhereIsTheOneThatCounts()
    {
        using var mint = await ExportAsync();
        File.Copy(Path.Combine(mint.Folder, "audit", "key"), Path.Combine(mint.Folder, "trusted"));
        Assert.Equal(0, (await mint.RunAsync("log", "verify", "audit", "--key", "trusted")).Exit);
        using var other = LogKey.Create();
        await File.WriteAllTextAsync(Path.Combine(mint.Folder, "trusted"), other.VerifierText(Home.LogOrigin));
        Assert.Equal(1, (await mint.RunAsync("log", "verify", "audit", "--key", "trusted")).Exit);
    }

    [Fact]
    public async Task AFlippedByteAnywhereIsFoundAndItsFileNamed()
    {
        using var mint = await ExportAsync();
        var folder = Path.Combine(mint.Folder, "audit");
        var check = new LogCheck(Terminal.OfProcess());
        foreach (var file in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories))
        {
            var good = await File.ReadAllBytesAsync(file);
            for (var at = 0; at < good.Length; at += 1 + (good.Length / Flips))
            {
                var bad = good.ToArray();
                bad[at] ^= 1;
                await File.WriteAllBytesAsync(file, bad);
                var verdict = check.OfExport(folder, trusted: null);
                var name = Path.GetRelativePath(folder, file);
                Assert.False(verdict.Verified, $"byte {at} of {name}");
                Assert.Contains(verdict.Findings, f => f.File == name || name is "key");
            }
            await File.WriteAllBytesAsync(file, good);
        }
        Assert.True(check.OfExport(folder, trusted: null).Verified);
    }

    [Theory]
    [InlineData("state.json")]
    [InlineData("checkpoint")]
    [InlineData("key")]
    public async Task AMissingFileIsNamed(string file)
    {
        using var mint = await ExportAsync();
        File.Delete(Path.Combine(mint.Folder, "audit", file));
        var said = await mint.RunAsync("log", "verify", "audit");
        Assert.Equal(1, said.Exit);
        Assert.Contains($"{file}: it is missing", said.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AFileTooManyIsNamed()
    {
        using var mint = await ExportAsync();
        await File.WriteAllTextAsync(Path.Combine(mint.Folder, "audit", "notes.txt"), "by hand");
        var said = await mint.RunAsync("log", "verify", "audit", "--json");
        Assert.Equal(1, said.Exit);
        using var verdict = JsonDocument.Parse(said.Out);
        Assert.False(verdict.RootElement.GetProperty("verified").GetBoolean());
        Assert.Equal("notes.txt", verdict.RootElement.GetProperty("findings")[0].GetProperty("file").GetString());
    }

    [Fact]
    public async Task AFolderThatIsThereIsNotWrittenOver()
    {
        using var mint = await ExportAsync();
        var said = await mint.RunAsync("log", "export", "audit");
        Assert.Equal(2, said.Exit);
        Assert.Equal("mint: FOLDER/audit is there already\n  name a folder that is not\n", said.Error);
    }

    private static async Task<Mint> ExportAsync()
    {
        var mint = new Mint();
        LoggedHome.Write(mint, Story.OnTheRamp());
        Assert.Equal(0, (await mint.RunAsync("log", "export", "audit")).Exit);
        return mint;
    }
}

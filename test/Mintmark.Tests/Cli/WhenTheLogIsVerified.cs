using Microsoft.AspNetCore.Builder;
using Microsoft.Data.Sqlite;
using Mintmark.Log;
using Mintmark.Server;
using Xunit;

namespace Mintmark.Tests.Cli;

public sealed class WhenTheLogIsVerified
{
    [Fact]
    public async Task AGoodLogHoldsWithoutAControlPlane()
    {
        using var mint = LoggedHome.OnTheRamp();
        var said = await mint.RunAsync("log", "verify");
        Assert.Equal((0, ""), (said.Exit, said.Error));
        Golden.Matches("log-verified", said.Out);
    }

    [Fact]
    public async Task ItIsComparedWithTheRunningControlPlaneWhereBothHaveCome()
    {
        using var mint = new Mint();
        var story = Story.OnTheRamp();
        LoggedHome.Write(mint, story);
        await using var api = await LiveAsync(mint, LoggedHome.After(mint, story, batches: 3));
        var said = await mint.RunAsync("log", "verify");
        Assert.Equal(0, said.Exit);
        Golden.Matches("log-verified-live", said.Out);
    }

    [Fact]
    public async Task AStateThatIsNotTheFoldIsFound()
    {
        using var mint = new Mint();
        var story = Story.OnTheRamp();
        LoggedHome.Write(mint, story);
        var live = LoggedHome.After(mint, story, batches: 3) with { Digest = "sha256:00" };
        await using var api = await LiveAsync(mint, live);
        var said = await mint.RunAsync("log", "verify");
        Assert.Equal(1, said.Exit);
        Golden.Matches("log-another-state", said.Out);
    }

    [Fact]
    public async Task ALogWithAnEndCutOffIsFoundByTheRunningControlPlane()
    {
        using var mint = LoggedHome.OnTheRamp();
        await using var api = await LiveAsync(mint, new StateAnswer(1000, "00", "sha256:00"));
        var said = await mint.RunAsync("log", "verify");
        Assert.Equal(1, said.Exit);
        Assert.Contains("is missing: the running control plane has 1000 entries", said.Out, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(20)]
    [InlineData(35)]
    public async Task AFlippedByteOfAnEntryIsNamed(int entry)
    {
        using var mint = LoggedHome.OnTheRamp();
        Flip(mint, $"UPDATE entry SET body = CAST(replace(body, '2026-03', '2026-04') AS BLOB) WHERE id = {entry}");
        var said = await mint.RunAsync("log", "verify");
        Assert.Equal(1, said.Exit);
        Assert.StartsWith("NOT AS IT WAS SIGNED", said.Out, StringComparison.Ordinal);
        Assert.Contains($"entry {entry}: ", said.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AFileThatIsNoLogIsAFinding()
    {
        using var mint = new Mint();
        LoggedHome.Write(mint, new Story().Begun());
        await File.WriteAllTextAsync(new Home(mint.HomeFolder).LogFile, new string('x', 4096));
        var said = await mint.RunAsync("log", "verify");
        Assert.Equal(1, said.Exit);
        Assert.Contains("damaged or not a log", said.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AnotherKeyVerifiesNothing()
    {
        using var mint = new Mint();
        LoggedHome.Write(mint, new Story().Begun());
        using var other = LogKey.Create();
        await File.WriteAllTextAsync(Path.Combine(mint.Folder, "key"), other.VerifierText(Home.LogOrigin));
        var said = await mint.RunAsync("log", "verify", "--key", "key");
        Assert.Equal(1, said.Exit);
        Assert.Contains("the checkpoint does not verify", said.Out, StringComparison.Ordinal);
    }

    private static Task<CannedApi> LiveAsync(Mint mint, StateAnswer state) =>
        CannedApi.StartAsync(mint, app => app.MapGet("/api/log/state", () => state));

    private static void Flip(Mint mint, string sql)
    {
        using var file = new SqliteConnection($"Data Source={new Home(mint.HomeFolder).LogFile};Pooling=False");
        file.Open();
        using var command = file.CreateCommand();
        command.CommandText = sql;
        Assert.Equal(1, command.ExecuteNonQuery());
    }
}

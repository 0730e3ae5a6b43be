using System.Net;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;
using Mintmark.Log;
using Mintmark.Server;
using Mintmark.Tests.Log;
using Xunit;

namespace Mintmark.Tests.Server;

public sealed class WhenWitnessesCosign
{
    [Fact]
    public async Task TheCheckpointShowsIt()
    {
        using var log = new LogFolder();
        await using var witness = await RunningWitness.StartAsync(log);
        await using var server = await LogServer.StartAsync(log, witness.Address);
        foreach (var batch in new[] { 1, 4, 300 })
        {
            server.Log.Append(LogFolder.Bodies(server.Log.Size, batch));
            await server.Witnesses.RoundAsync(default);
            var note = await server.Http.GetStringAsync("/log/checkpoint");
            Assert.Equal(server.Log.Size, Checkpoint.OfNote(note).Size);
            Assert.Equal(WitnessFolder.Now, witness.Address.Key.CosignedAt(note));
            Assert.Equal(note, await File.ReadAllTextAsync(log.In("witnessed")));
        }
    }

    [Fact]
    public async Task AControlPlaneThatStartsAgainLearnsWhatTheWitnessSaw()
    {
        using var log = new LogFolder();
        await using var witness = await RunningWitness.StartAsync(log);
        for (var i = 0; i < 2; i++)
        {
            await using var server = await LogServer.StartAsync(log, witness.Address);
            server.Log.Append(LogFolder.Bodies(server.Log.Size, 5));
            await server.Witnesses.RoundAsync(default);
            Assert.Empty(server.Troubles.Present);
            Assert.NotNull(witness.Address.Key.CosignedAt(await server.Http.GetStringAsync("/log/checkpoint")));
        }
    }

    [Fact]
    public async Task ALogThatWasRewrittenIsATrouble()
    {
        using var log = new LogFolder();
        await using var witness = await RunningWitness.StartAsync(log);
        await using (var server = await LogServer.StartAsync(log, witness.Address))
        {
            server.Log.Append(LogFolder.Bodies(0, 5));
            await server.Witnesses.RoundAsync(default);
        }
        foreach (var file in Directory.GetFiles(log.Path, "log.db*"))
            File.Delete(file);
        await using (var server = await LogServer.StartAsync(log, witness.Address))
        {
            server.Log.Append(LogFolder.Bodies(100, 8));
            await server.Witnesses.RoundAsync(default);
            var (part, what) = Assert.Single(server.Troubles.Present);
            Assert.Equal("witness witness.test", part);
            Assert.StartsWith("refused the checkpoint of 8 entries (422): ", what, StringComparison.Ordinal);
            Assert.Null(witness.Address.Key.CosignedAt(await server.Http.GetStringAsync("/log/checkpoint")));
        }
    }

    [Fact]
    public async Task OneThatIsAwayHoldsUpNothing()
    {
        using var log = new LogFolder();
        await using var witness = await RunningWitness.StartAsync(log);
        using var away = new WitnessFolder(log, "away.test");
        var nowhere = new WitnessAddress(new Uri("http://127.0.0.1:9/"), away.Verifier());
        await using var server = await LogServer.StartAsync(log, nowhere, witness.Address);
        server.Log.Append(LogFolder.Bodies(0, 5));
        await server.Witnesses.RoundAsync(default);
        Assert.Equal("witness away.test", Assert.Single(server.Troubles.Present).Key);
        Assert.NotNull(witness.Address.Key.CosignedAt(await server.Http.GetStringAsync("/log/checkpoint")));
    }

    [Fact]
    public async Task ItStandsForTheLatestAsLongAsNothingNewIsLogged()
    {
        using var log = new LogFolder();
        await using var witness = await RunningWitness.StartAsync(log);
        var storage = SqliteStorage.Open(log.Database);
        using var appended = MerkleLog.Open(storage, log.Key, LogFolder.Origin);
        var clock = new Watch.HandClock();
        var kept = new WitnessedCheckpoint(log.In("witnessed"));
        using var link = new WitnessLink(new LogReader(storage), kept, [witness.Address], clock, new Troubles());
        appended.Append(LogFolder.Bodies(0, 5));
        await link.RoundAsync(default);
        clock.Now += TimeSpan.FromDays(1);
        Assert.Equal(kept.Note, link.Checkpoint());
        appended.Append(LogFolder.Bodies(5, 1));
        Assert.Equal(appended.SignedCheckpoint, link.Checkpoint());
    }

    [Fact]
    public async Task ACharsetThatIsNoneStopsNothing()
    {
        using var log = new LogFolder();
        using var witness = new WitnessFolder(log);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        await using var app = builder.Build();
        app.MapPost(
            "/add-checkpoint",
            async context =>
            {
                using var body = new StreamReader(context.Request.Body);
                var answer = (WitnessAnswer.Cosigned)witness.Witness.Add(await body.ReadToEndAsync());
                context.Response.ContentType = "text/plain; charset=there-is-none";
                await context.Response.Body.WriteAsync(Encoding.UTF8.GetBytes(answer.Signatures));
            }
        );
        await app.StartAsync();
        var address = new WitnessAddress(new Uri(app.Urls.First()), witness.Verifier());
        await using var server = await LogServer.StartAsync(log, address);
        server.Log.Append(LogFolder.Bodies(0, 5));
        await server.Witnesses.RoundAsync(default);
        Assert.Empty(server.Troubles.Present);
        Assert.NotNull(address.Key.CosignedAt(await server.Http.GetStringAsync("/log/checkpoint")));
    }

    [Fact]
    public async Task AnybodyCanAskTheWitnessWhatItSawLast()
    {
        using var log = new LogFolder();
        await using var witness = await RunningWitness.StartAsync(log);
        await using var server = await LogServer.StartAsync(log, witness.Address);
        using var http = new HttpClient { BaseAddress = witness.Address.Url };
        var hash = Convert.ToHexStringLower(
            System.Security.Cryptography.SHA256.HashData(Encoding.UTF8.GetBytes(LogFolder.Origin))
        );
        Assert.Equal(HttpStatusCode.NotFound, (await http.GetAsync($"{hash}/checkpoint")).StatusCode);
        server.Log.Append(LogFolder.Bodies(0, 5));
        await server.Witnesses.RoundAsync(default);
        var note = await http.GetStringAsync($"{hash}/checkpoint");
        Assert.Equal((5, WitnessFolder.Now), (Checkpoint.OfNote(note).Size, witness.Address.Key.CosignedAt(note)));
    }

    [Theory]
    [InlineData("http://127.0.0.1:7490", "is not URL=KEY")]
    [InlineData("http://10.0.0.1:7490=KEY", "with https only")]
    [InlineData("ftp://127.0.0.1=KEY", "with https only")]
    [InlineData("nowhere=KEY", "is no URL")]
    [InlineData("https://witness.example.org=x+y", "a verifier key is name+hash+key")]
    public void AnAddressThatCannotBeIsRefused(string text, string why) =>
        Assert.Contains(
            why,
            Assert.Throws<FormatException>(() => WitnessAddress.Parse(text)).Message,
            StringComparison.Ordinal
        );
}

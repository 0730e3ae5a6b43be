using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Mintmark.Log;
using Mintmark.Tests.Log;
using Xunit;

namespace Mintmark.Tests.Server;

public sealed class WhenTheLogIsServed
{
    [Fact]
    public async Task TheCheckpointIsAskedForAnewEachTime()
    {
        await using var server = await LogServer.StartAsync();
        Assert.Equal(HttpStatusCode.NotFound, (await server.Http.GetAsync("/log/checkpoint")).StatusCode);
        foreach (var batch in new[] { 1, 5 })
        {
            server.Log.Append(LogFolder.Bodies(server.Log.Size, batch));
            using var answer = await server.Http.GetAsync("/log/checkpoint");
            Assert.Equal(server.Log.SignedCheckpoint, await answer.Content.ReadAsStringAsync());
            Assert.Equal("text/plain; charset=utf-8", $"{answer.Content.Headers.ContentType}");
            Assert.True(answer.Headers.CacheControl!.NoCache);
        }
    }

    [Fact]
    public async Task TilesAreThoseOfTheExportAndMayBeKeptForEver()
    {
        await using var server = await LogServer.StartAsync();
        server.Log.Append(LogFolder.Bodies(0, 600));
        using (var storage = SqliteStorage.OpenReadOnly(server.Folder.Database))
            LogExport.Write(storage, server.Folder.VerifierText, server.Folder.In("export"));
        var files = Directory.GetFiles(server.Folder.In("export/tile"), "*", SearchOption.AllDirectories);
        Assert.Equal(7, files.Length);
        foreach (var file in files)
        {
            var path = Path.GetRelativePath(server.Folder.In("export"), file);
            using var answer = await server.Http.GetAsync($"/log/{path}");
            Assert.Equal(await File.ReadAllBytesAsync(file), await answer.Content.ReadAsByteArrayAsync());
            Assert.Equal("application/octet-stream", $"{answer.Content.Headers.ContentType}");
            Assert.Equal("immutable", Assert.Single(answer.Headers.CacheControl!.Extensions).Name);
            Assert.True(answer.Headers.CacheControl.Private && answer.Headers.CacheControl.MaxAge > default(TimeSpan));
        }
    }

    [Theory]
    [InlineData("tile/0/001")]
    [InlineData("tile/0/000.p/11")]
    [InlineData("tile/0/000.p/0")]
    [InlineData("tile/0/000.p/256")]
    [InlineData("tile/1/000.p/1")]
    [InlineData("tile/entries/000.p/11")]
    [InlineData("tile/entries/0")]
    [InlineData("tile/8/000")]
    [InlineData("tile/0/")]
    [InlineData("tile/0/..%2F..%2Fcheckpoint")]
    [InlineData("proof/10")]
    [InlineData("proof/-1")]
    [InlineData("consistency?from=3&to=11")]
    [InlineData("consistency?from=4&to=3")]
    [InlineData("consistency?from=-4&to=3")]
    public async Task WhatTheLogDoesNotHaveIsNotFoundAndNotKept(string path)
    {
        await using var server = await LogServer.StartAsync();
        server.Log.Append(LogFolder.Bodies(0, 10));
        using var answer = await server.Http.GetAsync($"/log/{path}");
        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        Assert.False(answer.Headers.CacheControl?.Extensions.Count > 0);
    }

    [Fact]
    public async Task ProofsHold()
    {
        await using var server = await LogServer.StartAsync();
        using var verifier = server.Folder.Verifier();
        server.Log.Append(LogFolder.Bodies(0, 300));
        var earlier = server.Log.Root;
        server.Log.Append(LogFolder.Bodies(300, 77));
        var proof = InclusionProof.Parse(await server.Http.GetStringAsync("/log/proof/5"));
        Assert.Equal(LogFolder.Body(5), proof.Extra);
        Assert.Equal(377, proof.Open(verifier, Merkle.LeafHash(LogFolder.Body(5))).Size);
        var answer = await server.Http.GetFromJsonAsync<JsonElement>("/log/consistency?from=300&to=377");
        var hashes = answer.GetProperty("proof").EnumerateArray().Select(h => Hash.FromBase64(h.GetString()!));
        Assert.True(MerkleProof.IsPrefix(300, earlier, 377, server.Log.Root, [.. hashes]));
    }

    [Theory]
    [InlineData("checkpoint")]
    [InlineData("tile/0/000.p/1")]
    [InlineData("tile/entries/000.p/1")]
    [InlineData("proof/0")]
    public async Task AStrangerGetsNothing(string path)
    {
        await using var server = await LogServer.StartAsync();
        server.Log.Append(LogFolder.Bodies(0, 1));
        using var answer = await server.Stranger.GetAsync($"/log/{path}");
        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
    }
}

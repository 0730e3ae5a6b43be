using Mintmark.Log;
using Mintmark.Server;
using Xunit;

namespace Mintmark.Tests.Cli;

public sealed class WhenAWitnessIsDemanded
{
    [Fact]
    public async Task WhatItSawIsSaid()
    {
        using var mint = LoggedHome.OnTheRamp();
        var key = Witnessed(mint, batches: 3);
        var said = await mint.RunAsync("log", "verify", "--witness", key);
        Assert.Equal((0, ""), (said.Exit, said.Error));
        Assert.Contains("witness    witness.test saw 21 entries at 2026-03-02", said.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AnExportBringsItAlong()
    {
        using var mint = LoggedHome.OnTheRamp();
        var key = Witnessed(mint, batches: 3);
        Assert.Equal(0, (await mint.RunAsync("log", "export", "audit")).Exit);
        Assert.Equal(0, (await mint.RunAsync("log", "verify", "audit")).Exit);
        Assert.Equal(0, (await mint.RunAsync("log", "verify", "audit", "--witness", key)).Exit);
        File.Delete(Path.Combine(mint.Folder, "audit", "witnessed"));
        var said = await mint.RunAsync("log", "verify", "audit", "--witness", key);
        Assert.Equal(1, said.Exit);
        Assert.Contains("witness.test cosigned no checkpoint that is kept here", said.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AProofIsUnderWhatItCosignedWhereThatHasTheEntry()
    {
        using var mint = LoggedHome.OnTheRamp();
        var key = WitnessVerifier.Parse(Witnessed(mint, batches: 3));
        foreach (var (entry, isWitnessed) in new[] { (20, true), (21, false) })
        {
            var said = await mint.RunAsync("log", "prove", $"{entry}", "--out", "proof");
            Assert.Equal(0, said.Exit);
            var proof = InclusionProof.Parse(await File.ReadAllTextAsync(Path.Combine(mint.Folder, "proof")));
            Assert.Equal(isWitnessed, key.CosignedAt(proof.Note) is not null);
            Assert.Equal(0, (await mint.RunAsync("log", "prove", "--check", "proof")).Exit);
        }
    }

    [Fact]
    public async Task AnotherTreeThatItSawIsFound()
    {
        using var mint = LoggedHome.OnTheRamp();
        var key = Witnessed(mint, batches: 3, root: Merkle.LeafHash("another story"u8));
        var said = await mint.RunAsync("log", "verify", "--witness", key);
        Assert.Equal(1, said.Exit);
        Assert.Contains("the witnesses cosigned another tree of 21 entries", said.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task OneThatDidNotCosignIsFound()
    {
        using var mint = LoggedHome.OnTheRamp();
        Witnessed(mint, batches: 3);
        using var other = WitnessKey.LoadOrCreate(Path.Combine(mint.Folder, "other/key.pem"), "witness.test");
        var said = await mint.RunAsync("log", "verify", "--witness", other.VerifierText);
        Assert.Equal(1, said.Exit);
        Assert.Contains("witness.test cosigned no checkpoint", said.Out, StringComparison.Ordinal);
        Assert.Equal(2, (await mint.RunAsync("log", "verify", "--witness", "nonsense")).Exit);
    }

    /// <returns>The witness's key.</returns>
    private static string Witnessed(Mint mint, int batches, Hash? root = null)
    {
        var home = new Home(mint.HomeFolder);
        using var key = LogKey.LoadOrCreate(home.LogKey);
        var folder = Path.Combine(mint.Folder, "witness");
        using var witness = new Witness(
            folder,
            WitnessKey.LoadOrCreate(Path.Combine(folder, "key.pem"), "witness.test"),
            [LogVerifier.Parse(key.VerifierText(Home.LogOrigin))],
            new Clock()
        );
        using var storage = SqliteStorage.OpenReadOnly(home.LogFile);
        var note = storage.Checkpoints().ElementAt(batches - 1).Checkpoint;
        if (root is { } another)
            note = key.SignCheckpoint(Checkpoint.OfNote(note) with { Root = another });
        var answer = (WitnessAnswer.Cosigned)witness.Add(new WitnessRequest(0, [], note).ToText());
        var verifier = WitnessVerifier.Parse(witness.VerifierText);
        new WitnessedCheckpoint(home.Witnessed).Save(WitnessedCheckpoint.With(note, verifier, answer.Signatures));
        return witness.VerifierText;
    }

    private sealed class Clock : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => Story.Beginning;
    }
}

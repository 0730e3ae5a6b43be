using Mintmark.Log;
using Mintmark.Server;
using Xunit;

namespace Mintmark.Tests.Cli;

public sealed class WhenAnEntryIsProved
{
    [Fact]
    public async Task TheProofHoldsWithoutTheLog()
    {
        using var mint = LoggedHome.OnTheRamp();
        var proved = await mint.RunAsync("log", "prove", "0", "--out", "entry-0.tlog-proof");
        Assert.Equal((0, ""), (proved.Exit, proved.Error));
        Golden.Matches("log-proved", proved.Out);
        await KeyFileAsync(mint);
        Directory.Delete(mint.HomeFolder, recursive: true);
        var said = await mint.RunAsync("log", "prove", "--check", "entry-0.tlog-proof", "--key", "key");
        Assert.Equal((0, proved.Out), (said.Exit, said.Out));
    }

    [Fact]
    public async Task TheFirstKeyIsEnoughAfterARotation()
    {
        using var mint = LoggedHome.OnTheRamp();
        await KeyFileAsync(mint);
        Assert.Equal(0, (await mint.RunAsync("log", "prove", "0", "--out", "before")).Exit);
        LoggedHome.RotateKey(mint);
        Assert.Equal(0, (await mint.RunAsync("log", "prove", "0", "--out", "after")).Exit);
        // The home has every key of the chain, whichever signed what the proof is under.
        Assert.Equal(0, (await mint.RunAsync("log", "prove", "--check", "before")).Exit);
        Assert.Equal(0, (await mint.RunAsync("log", "prove", "--check", "after")).Exit);
        Directory.Delete(mint.HomeFolder, recursive: true);
        Assert.Equal(0, (await mint.RunAsync("log", "prove", "--check", "before", "--key", "key")).Exit);
        Assert.Equal(0, (await mint.RunAsync("log", "prove", "--check", "after", "--key", "key")).Exit);
        File.Delete(Path.Combine(mint.Folder, "after.handovers"));
        Assert.Equal(1, (await mint.RunAsync("log", "prove", "--check", "after", "--key", "key")).Exit);
    }

    [Fact]
    public async Task WithoutAFileItIsPrintedAsItIs()
    {
        using var mint = LoggedHome.OnTheRamp();
        var said = await mint.RunAsync("log", "prove", "0");
        Assert.Equal(0, said.Exit);
        var proof = InclusionProof.Parse(said.Out);
        Assert.Equal(0, proof.Index);
        Assert.Contains("control-plane-started", System.Text.Encoding.UTF8.GetString(proof.Extra!), default);
    }

    [Fact]
    public async Task AFlippedByteOfWhatIsProvedProvesNothing()
    {
        using var mint = LoggedHome.OnTheRamp();
        Assert.Equal(0, (await mint.RunAsync("log", "prove", "5", "--out", "proof")).Exit);
        var file = Path.Combine(mint.Folder, "proof");
        var good = await File.ReadAllBytesAsync(file);
        // One of the two signatures may become one that nobody knows: those are passed over.
        var length = good.AsSpan().IndexOf("\n\n\u2014"u8);
        for (var at = 0; at < length; at += 7)
        {
            var bad = good.ToArray();
            bad[at] ^= 1;
            await File.WriteAllBytesAsync(file, bad);
            var said = await mint.RunAsync("log", "prove", "--check", "proof");
            Assert.True(said.Exit == 1, $"byte {at}: {said.Out}");
            Assert.StartsWith("mint: FOLDER/proof proves nothing: ", said.Error, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("log prove", "name either an ENTRY to prove or a proof to --check")]
    [InlineData("log prove 1 --check x", "name either an ENTRY to prove or a proof to --check")]
    [InlineData("log prove 1 --key x", "--key goes with --check")]
    [InlineData("log prove --check x --out y", "--out goes with an ENTRY")]
    [InlineData("log prove 99999", "there is no entry 99999: the log has")]
    [InlineData("log prove -1", "there is no entry -1: the log has")]
    [InlineData("log prove --check nowhere", "--check: there is no file FOLDER/nowhere")]
    public async Task WhatCannotBeIsRefused(string command, string error)
    {
        using var mint = LoggedHome.OnTheRamp();
        await mint.RefusesAsync(command, error);
    }

    private static async Task KeyFileAsync(Mint mint)
    {
        using var key = LogKey.LoadOrCreate(new Home(mint.HomeFolder).LogKey);
        await File.WriteAllTextAsync(Path.Combine(mint.Folder, "key"), key.VerifierText(Home.LogOrigin));
    }
}

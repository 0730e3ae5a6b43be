using Xunit;

namespace Mintmark.Tests.Cli;

public sealed class WhenASliceIsExported
{
    [Fact]
    public async Task AnybodyCanVerifyItOffline()
    {
        using var mint = LoggedHome.OnTheRamp();
        var exported = await mint.RunAsync("log", "export", "part", "--from", "5", "--to", "20", "--redact", "7..9");
        Assert.Equal((0, ""), (exported.Exit, exported.Error));
        Golden.Matches("slice-exported", exported.Out);
        Directory.Delete(mint.HomeFolder, recursive: true);
        var said = await mint.RunAsync("log", "verify", "--slice", "part", "--key", "part/key");
        Assert.Equal((0, ""), (said.Exit, said.Error));
        Golden.Matches("slice-verified", said.Out);
    }

    [Fact]
    public async Task AnAlteredBodyIsNamed()
    {
        using var mint = LoggedHome.OnTheRamp();
        Assert.Equal(0, (await mint.RunAsync("log", "export", "part", "--from", "5")).Exit);
        var file = Path.Combine(mint.Folder, "part", "entries");
        var bytes = await File.ReadAllBytesAsync(file);
        bytes[10] ^= 1;
        await File.WriteAllBytesAsync(file, bytes);
        var said = await mint.RunAsync("log", "verify", "--slice", "part");
        Assert.Equal(1, said.Exit);
        Assert.Contains("entries: entry 5: its body does not hash to its leaf", said.Out, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("log export x --to 5", "--to and --redact go with --from")]
    [InlineData("log export x --redact all", "--to and --redact go with --from")]
    [InlineData("log export x --from 5 --to 5", "there are no entries from 5 to below 5: the log has 37")]
    [InlineData("log export x --from 5 --to 38", "there are no entries from 5 to below 38: the log has 37")]
    [InlineData("log export x --from 5 --redact 9..7", "--redact: '9..7' is no entry (17), no range (17..20)")]
    [InlineData("log export x --from 5 --redact some", "--redact: 'some' is no entry (17), no range (17..20)")]
    [InlineData("log verify x --slice y", "--slice goes with --key alone")]
    [InlineData("log verify --slice nowhere", "there is no folder FOLDER/nowhere")]
    public async Task WhatCannotBeIsRefused(string command, string error)
    {
        using var mint = LoggedHome.OnTheRamp();
        await mint.RefusesAsync(command, error);
    }
}

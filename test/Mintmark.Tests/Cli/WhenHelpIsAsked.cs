using Xunit;

namespace Mintmark.Tests.Cli;

public sealed class WhenHelpIsAsked
{
    [Theory]
    [InlineData("")]
    [InlineData("up")]
    [InlineData("down")]
    [InlineData("init")]
    [InlineData("ship")]
    [InlineData("status")]
    [InlineData("releases")]
    [InlineData("show")]
    [InlineData("approve")]
    [InlineData("refuse")]
    [InlineData("review")]
    [InlineData("enforce")]
    [InlineData("observe")]
    [InlineData("person")]
    [InlineData("person add")]
    [InlineData("halt")]
    [InlineData("resume")]
    [InlineData("rollback")]
    [InlineData("freeze")]
    [InlineData("thaw")]
    [InlineData("trace")]
    [InlineData("gate")]
    [InlineData("profiles")]
    [InlineData("controls")]
    [InlineData("assess")]
    [InlineData("cases")]
    [InlineData("cases retire")]
    [InlineData("components")]
    [InlineData("advisories")]
    [InlineData("advisories fetch")]
    [InlineData("evidence")]
    [InlineData("evidence export")]
    [InlineData("evidence verify")]
    [InlineData("demo")]
    [InlineData("log")]
    [InlineData("log verify")]
    [InlineData("log export")]
    public async Task EachCommandSaysWhatItTakesAndGivesExamples(string command)
    {
        using var mint = new Mint();
        var said = await mint.RunAsync([.. command.Split(' ', StringSplitOptions.RemoveEmptyEntries), "--help"]);
        Assert.Equal(0, said.Exit);
        Assert.Contains("Examples:", said.Out, StringComparison.Ordinal);
        Golden.Matches($"help{command.Replace(' ', '-').Insert(0, "-").TrimEnd('-')}", said.Out);
    }
}

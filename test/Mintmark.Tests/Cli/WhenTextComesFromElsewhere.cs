using Microsoft.AspNetCore.Builder;
using Mintmark.Cli;
using Mintmark.Releases;
using Xunit;

namespace Mintmark.Tests.Cli;

public sealed class WhenTextComesFromElsewhere
{
    [Theory]
    [InlineData("\e[31mred\e[0m", "red")]
    [InlineData("a\e]0;title\ab", "a\ufffd]0;title\ufffdb")]
    [InlineData("one\ttwo\rthree", "one two three")]
    [InlineData("one\ntwo", "one two")]
    [InlineData("\u009b31mred", "\ufffd31mred")]
    [InlineData("safe\u202egnp.exe", "safe\ufffdgnp.exe")]
    [InlineData("Größe 12 € 漢字", "Größe 12 € 漢字")]
    public void ItCannotSteerTheTerminal(string text, string shown) => Assert.Equal(shown, Printable.Line(text));

    [Fact]
    public async Task TheOutputOfABuildAndAReasonAreShownSo()
    {
        var story = new Story()
            .Begun()
            .Asked("Hide \e[8mthis")
            .Record(new Event.BuildFailed(new ReleaseId(1), BuildStage.Build, "exit \e[2J1"));
        using var mint = new Mint();
        await using var api = await CannedApi.StartAsync(
            mint,
            app => app.MapGet("/api/releases/{id}", () => story.Answer(1, "/logs", "\e[31merror\e[0m"))
        );
        foreach (var options in new[] { Array.Empty<string>(), ["--watch"] })
        {
            var said = await mint.RunAsync(["show", "rel-1", .. options]);
            Assert.DoesNotContain('\e', said.Out);
            Assert.Contains("Hide this", said.Out, StringComparison.Ordinal);
        }
    }
}

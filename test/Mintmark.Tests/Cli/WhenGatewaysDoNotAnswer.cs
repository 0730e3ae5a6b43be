using Microsoft.AspNetCore.Builder;
using Mintmark.Releases;
using Mintmark.Server;
using Mintmark.Tests.Server;
using Xunit;

namespace Mintmark.Tests.Cli;

/// <summary>Whoever moves traffic is told of those that may not know.</summary>
public sealed class WhenGatewaysDoNotAnswer
{
    static readonly GatewayStatus Away = new("127.0.0.1:7481", false, 40, "gateway-1", null);

    [Fact]
    public async Task ARollbackNamesThem()
    {
        var said = await RollbackAsync(new Done(new ReleaseId(2), 42, true, "bob", [Away]));

        Assert.Equal(0, said.Exit);
        Assert.Contains("gateway 127.0.0.1:7481 does not answer", said.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ARollbackThatIsNotConfirmedSaysByWhom()
    {
        var said = await RollbackAsync(new Done(new ReleaseId(2), 42, false, "bob", [Away]));

        Assert.Equal(3, said.Exit);
        Assert.Contains("but gateway 127.0.0.1:7481 has not confirmed it", said.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AHaltThatIsNotConfirmedSaysByWhom()
    {
        var other = Away with { Address = "127.0.0.1:7482" };
        using var mint = new Mint();
        await using var api = await CannedApi.StartAsync(
            mint,
            app => app.MapPost("/api/halt", (HoldRequest _) => new Done(null, 42, false, "bob", [Away, other]))
        );

        var said = await mint.RunAsync("halt", "bank", "--reason", "audit", "--by", "bob");

        Assert.Equal(3, said.Exit);
        Assert.Contains(
            "but gateways 127.0.0.1:7481 and 127.0.0.1:7482 have not confirmed it",
            said.Error,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task OneThatRunsOnAfterTheEndIsNamed()
    {
        using var mint = new Mint();
        await using var api = await CannedApi.StartAsync(mint, app => app.MapPost("/api/down", () => { }));
        using var hung = new SilentSocket(Path.Combine(mint.HomeFolder, "gateways", "7481"));

        var said = await mint.RunAsync("down");

        Assert.Equal((3, ""), (said.Exit, said.Out));
        Assert.StartsWith("mint: gateway 7481 did not answer and runs on; all else is down", said.Error);
    }

    static async Task<Said> RollbackAsync(Done done)
    {
        var story = Story.OnTheRamp();
        story.Do(new Command.Rollback(new ServiceName("bank"), null, "statements are wrong"), new Actor("bob"));
        using var mint = new Mint();
        await using var api = await CannedApi.StartAsync(
            mint,
            app =>
            {
                app.MapPost("/api/rollback", (RollbackRequest _) => done);
                app.MapGet("/api/releases/{id}", () => story.Answer(2));
            }
        );
        return await mint.RunAsync("rollback", "bank", "--reason", "statements are wrong", "--by", "bob");
    }
}

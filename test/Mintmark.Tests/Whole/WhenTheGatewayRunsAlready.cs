using Mintmark.Tests.Cli;
using Xunit;

namespace Mintmark.Tests.Whole;

/// <summary>It outlives control planes, and goes on as it was started.</summary>
public sealed class WhenTheGatewayRunsAlready(Machine machine) : IClassFixture<Machine>
{
    [Fact]
    public async Task AnotherPlaceForItsAccessLogIsRefusedWithTheOneItHas()
    {
        var kept = Path.Combine(machine.Plane.Home.Root, "gateway", "access");
        await machine.Plane.KillAsync(TestContext.Current.CancellationToken);

        var refused = await UpAsync("off");

        Assert.Equal(3, refused.Exit);
        Assert.Contains($"runs already, with --access-log {kept}", refused.Error, StringComparison.Ordinal);
        await machine.Plane.StartAsync(TestContext.Current.CancellationToken);
    }

    Task<Said> UpAsync(string accessLog) =>
        machine.MintAsync(
            machine.Folder,
            "up",
            "--gateway",
            $"{machine.Plane.Addresses.Gateway}",
            "--access-log",
            accessLog
        );
}

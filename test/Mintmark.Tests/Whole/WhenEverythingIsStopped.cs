using System.Diagnostics;
using Mintmark.Cli.Demo;
using Mintmark.Tests.Cli;
using Xunit;

namespace Mintmark.Tests.Whole;

/// <summary>What <c>mint up</c> ends with tells the system whether to start it again.</summary>
public sealed class WhenEverythingIsStopped : IDisposable
{
    readonly string folder = Directory.CreateTempSubdirectory("mintmark-stop-").FullName;
    readonly DemoPlane plane;

    public WhenEverythingIsStopped() => plane = new DemoPlane(folder, Machine.Program);

    [Fact]
    public async Task ItIsDoneAsAskedAlsoWhereNoSnapshotCanBeKept()
    {
        Directory.CreateDirectory(plane.Home.Snapshot + ".new");
        using var up = await UpAsync();

        var down = await Machine.RunAsync(folder, "down", "--home", plane.Home.Root);

        Assert.True(down.Exit == 0, $"{down}");
        await up.WaitForExitAsync();
        Assert.Equal(0, up.ExitCode);
    }

    async Task<Process> UpAsync()
    {
        string[] arguments = ["up", "--home", plane.Home.Root, "--api", $"{plane.Addresses.Api}"];
        var up = Process.Start(
            new ProcessStartInfo(Machine.Program, [.. arguments, "--gateway", $"{plane.Addresses.Gateway}"])
            {
                RedirectStandardOutput = true,
            }
        )!;
        Assert.Equal("Mintmark is up", await up.StandardOutput.ReadLineAsync());
        return up;
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);
}

using System.Diagnostics;
using Mintmark.Cli.Demo;
using Mintmark.Tests.Cli;
using Xunit;

namespace Mintmark.Tests.Whole;

/// <summary>Where we may mount one, the home is on a disk of 16 MiB; elsewhere all goes well.</summary>
public sealed class WhenTheDiskOfTheLogIsFull : IAsyncDisposable
{
    readonly string folder = Directory.CreateTempSubdirectory("mintmark-full-").FullName;
    readonly DemoPlane plane;
    readonly bool small;

    public WhenTheDiskOfTheLogIsFull()
    {
        plane = new DemoPlane(folder, Machine.Program);
        Directory.CreateDirectory(plane.Home.Root);
        small = Shell("mount", "-t", "tmpfs", "-o", "size=16m,mode=711", "tmpfs", plane.Home.Root) == 0;
    }

    [Fact]
    public async Task AHaltGoesThroughAndOtherCommandsAreRefused()
    {
        await plane.StartAsync(TestContext.Current.CancellationToken);
        var reserve = new FileInfo(plane.Home.Reserve);
        await Run.Eventually.HoldsAsync(
            () =>
            {
                reserve.Refresh();
                return reserve.Exists && reserve.Length >= 1 << 20;
            },
            "there is a reserve"
        );
        Assert.InRange(reserve.Length, 1 << 20, 8 << 20);
        if (small)
            Fill();

        var frozen = await MintAsync("freeze", "--all", "--reason", "the year ends");
        var halted = await MintAsync("halt", "--all", "--reason", "prices are wrong");
        var status = await MintAsync("status");

        Assert.True(frozen.Exit == (small ? 3 : 0), $"{frozen}");
        Assert.Equal(small, frozen.Error.Contains("free some disk space", StringComparison.Ordinal));
        Assert.True(halted.Exit == 0 || halted.Error.Contains("not confirmed", StringComparison.Ordinal), $"{halted}");
        Assert.Contains("prices are wrong", status.Out, StringComparison.Ordinal);
        Assert.Equal(!small, status.Out.Contains("the year ends", StringComparison.Ordinal));
        File.Delete(Path.Combine(plane.Home.Root, "filler"));
        Assert.Equal(0, (await MintAsync("log", "verify")).Exit);
    }

    public async ValueTask DisposeAsync()
    {
        File.Delete(Path.Combine(plane.Home.Root, "filler"));
        await plane.DisposeAsync();
        if (small)
            Shell("umount", "--lazy", plane.Home.Root);
        Directory.Delete(folder, recursive: true);
    }

    void Fill()
    {
        using var filler = File.Create(Path.Combine(plane.Home.Root, "filler"));
        var block = new byte[4096];
        try
        {
            while (true)
            {
                filler.Write(block);
                filler.Flush();
            }
        }
        catch (IOException) { }
    }

    Task<Said> MintAsync(params string[] arguments) =>
        Machine.RunAsync(folder, [.. arguments, "--home", plane.Home.Root, "--api", $"{plane.Addresses.Api}"]);

    static int Shell(string program, params string[] arguments)
    {
        using var process = Process.Start(
            new ProcessStartInfo(program, arguments) { RedirectStandardError = true, RedirectStandardOutput = true }
        )!;
        process.WaitForExit();
        return process.ExitCode;
    }
}

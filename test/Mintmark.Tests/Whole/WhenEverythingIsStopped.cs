using System.Diagnostics;
using Mintmark.Cli.Demo;
using Mintmark.Server;
using Mintmark.Tests.House;
using Mintmark.Tests.Journal;
using Xunit;

namespace Mintmark.Tests.Whole;

/// <summary>What <c>mint up</c> ends with tells the system whether to start it again.</summary>
public sealed class WhenEverythingIsStopped : IDisposable
{
    readonly string folder = Directory.CreateTempSubdirectory("mintmark-stop-").FullName;
    readonly Home home;
    readonly Addresses addresses;

    public WhenEverythingIsStopped()
    {
        var plane = new DemoPlane(folder, Machine.Program);
        (home, addresses) = (plane.Home, plane.Addresses);
    }

    [Fact]
    public async Task ItIsDoneAsAskedAlsoWhereNoSnapshotCanBeKept()
    {
        Directory.CreateDirectory(home.Snapshot + ".new");
        using var up = await UpAsync();

        var down = await Machine.RunAsync(folder, "down", "--home", home.Root);

        Assert.True(down.Exit == 0, $"{down}");
        await up.WaitForExitAsync();
        Assert.Equal(0, up.ExitCode);
    }

    [Fact]
    public async Task ASignalEndsTheControlPlaneAloneAndOnlyAPersonsIsAnEndAsAsked()
    {
        Assert.Equal(143, await SignalledAsync("-TERM"));
        Assert.Equal(0, await SignalledAsync("-INT"));
        using var up = await UpAsync();
        Assert.Equal(0, (await Machine.RunAsync(folder, "down", "--home", home.Root)).Exit);
        await up.WaitForExitAsync();
    }

    [Fact]
    public async Task WhoWaitsForNewsIsLetGo()
    {
        using var log = new JournalFolder();
        using var journal = log.Open();
        using var stopping = new CancellationTokenSource();
        var waiting = QueryApi.WaitAsync(journal, 0, stopping.Token, CancellationToken.None);
        Assert.False(waiting.IsCompleted);

        await stopping.CancelAsync();

        await waiting.WaitAsync(TimeSpan.FromMinutes(3));
    }

    [Fact]
    public void TheUnitStartsAgainAllThatNobodyAskedFor()
    {
        var unit = Checkout.Lines("deploy/mintmark.service");

        Assert.Contains("Restart=always", unit);
        Assert.Contains("RestartPreventExitStatus=0 2", unit);
        Assert.Contains("SuccessExitStatus=143", unit);
    }

    async Task<int> SignalledAsync(string signal)
    {
        using var up = await UpAsync();
        using var kill = Process.Start("/bin/sh", ["-c", $"kill {signal} {up.Id}"]);
        await up.WaitForExitAsync();
        return up.ExitCode;
    }

    async Task<Process> UpAsync()
    {
        string[] arguments = ["up", "--home", home.Root, "--api", $"{addresses.Api}"];
        // Who tests in the background of a shell ignores INT, and so do the programs that are started from there.
        string[] command = ["--default-signal", Machine.Program, .. arguments, "--gateway", $"{addresses.Gateway}"];
        var up = Process.Start(new ProcessStartInfo("env", command) { RedirectStandardOutput = true })!;
        Assert.Equal("Mintmark is up", await up.StandardOutput.ReadLineAsync());
        return up;
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);
}

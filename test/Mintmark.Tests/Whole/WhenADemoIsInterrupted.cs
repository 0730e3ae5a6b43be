using System.Diagnostics;
using Mintmark.Cli;
using Mintmark.Cli.Demo;
using Xunit;

namespace Mintmark.Tests.Whole;

/// <summary>Ctrl-C in its first second, before the control plane answers.</summary>
public sealed class WhenADemoIsInterrupted : IDisposable
{
    readonly string folder = Directory.CreateTempSubdirectory("mintmark-interrupted-").FullName;

    [Fact]
    public async Task WhatItStartedIsTakenDown()
    {
        var plane = new DemoPlane(folder, Machine.Program);
        await InterruptedAsync(plane);

        await plane.DisposeAsync();

        await Run.Eventually.HoldsAsync(() => !Processes().Any(), "all of it is gone");
    }

    [Fact]
    public async Task WhatNeitherAnswersNorEndsIsKilledAndSaid()
    {
        var stub = Path.Combine(folder, "stub");
        await File.WriteAllTextAsync(stub, "#!/bin/sh\n[ $1 = down ] && exit 3\nsleep 1000 & wait\n");
        File.SetUnixFileMode(stub, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var plane = new DemoPlane(folder, stub) { Patience = TimeSpan.FromMilliseconds(200) };
        await InterruptedAsync(plane);

        var said = await Assert.ThrowsAsync<StopException>(async () => await plane.DisposeAsync());

        Assert.Equal(3, said.Exit);
        Assert.Contains("was killed", said.Message, StringComparison.Ordinal);
        await Run.Eventually.HoldsAsync(() => !Processes().Any(), "all of it is gone");
    }

    static async Task InterruptedAsync(DemoPlane plane) =>
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => plane.StartAsync(new CancellationToken(true)));

    /// <summary>Those with the folder in their command line.</summary>
    IEnumerable<int> Processes() =>
        from process in Process.GetProcesses()
        where Machine.CommandOf(process.Id).Contains(folder, StringComparison.Ordinal)
        select process.Id;

    public void Dispose() => Directory.Delete(folder, recursive: true);
}

using System.Net.Sockets;
using Mintmark.Releases;
using Mintmark.Run;
using Xunit;

namespace Mintmark.Tests.Run;

/// <summary>The whole of Run, with real processes, real HTTP and a real log.</summary>
public sealed class WhenInstancesRun : IDisposable
{
    readonly ControlPlane plane = new();

    public void Dispose() => plane.Dispose();

    [Fact]
    public async Task ACandidateStartsAndBecomesHealthy()
    {
        await plane.ReleaseAsync(ControlPlane.Serve);
        await plane.HealthyAsync(1);
        Assert.Contains(plane.Home.Of(1), p => p.Pid == plane.Instance(1).Pid);
        using var client = new TcpClient("127.0.0.1", plane.Instance(1).Port);
        Assert.True(client.Connected);
    }

    [Fact]
    public async Task OneThatCrashesIsReplacedOnAnotherPortAndItsCodeIsInTheLog()
    {
        await plane.ServingAsync();
        plane.Home.Runtime.Signal(new InstanceId(1), StopSignal.Kill);
        await plane.HealthyAsync(2);
        Assert.Equal((InstancePhase.Exited, 137), (plane.Instance(1).Phase, plane.Instance(1).ExitCode));
        Assert.Equal("ended by signal 9", plane.Instance(1).Note);
        Assert.NotEqual(plane.Instance(1).Port, plane.Instance(2).Port);
    }

    [Fact]
    public async Task WhatGoesWrongWithOneIsToldWhenTheOthersHaveBeenSeenTo()
    {
        await plane.ServingAsync();
        var output = plane.Home.In("instances/i-1/output.log");
        Directory.CreateDirectory(output + ".1");
        File.WriteAllBytes(output, new byte[plane.Home.Options.OutputBytes + 1]);
        plane.Home.Runtime.Signal(new InstanceId(1), StopSignal.Kill);
        await plane.Home.GoneAsync(1);

        await Assert.ThrowsAsync<UnauthorizedAccessException>(plane.RoundAsync);

        Assert.Equal(InstancePhase.Exited, plane.Instance(1).Phase);
        await plane.HealthyAsync(2);
    }

    [Fact]
    public async Task OneThatNeverStaysUpIsStartedLessAndLessOften()
    {
        await plane.ReleaseAsync("exit 4");
        await plane.PhaseAsync(3, InstancePhase.Exited);
        Assert.Equal("exited with 4", plane.Instance(1).Note);
        Assert.True(plane.Instance(2).PlannedAt - plane.Instance(1).PhaseSince >= TimeSpan.FromMilliseconds(250));
        Assert.True(plane.Instance(3).PlannedAt - plane.Instance(2).PhaseSince >= TimeSpan.FromMilliseconds(500));
    }

    [Fact]
    public async Task OneThatAnswersBadlyIsUnhealthyAndLaterReplaced()
    {
        await plane.ServingAsync();
        File.WriteAllText(Path.Combine(plane.Home.Data, "sick"), "");
        for (var i = 0; plane.Instance(1).Phase == InstancePhase.Healthy; i++)
        {
            Assert.True(i < 1_000_000, "it should be unhealthy by now");
            plane.Clock.Skip(1);
            await plane.RoundAsync();
            await Task.Yield();
        }
        Assert.Equal("answers 503", plane.Instance(1).Note);
        plane.Clock.Skip(15.1);
        await plane.RoundAsync();
        Assert.StartsWith("not healthy for", plane.Instance(1).Note, StringComparison.Ordinal);
        File.Delete(Path.Combine(plane.Home.Data, "sick"));
        await plane.HealthyAsync(2);
    }

    [Fact]
    public async Task OneThatTakesTooMuchMemoryIsReplaced()
    {
        const string greedy = "(perl -e '$x = \"a\" x (60 << 20); sleep 100' &) ; exec perl serve.pl";
        await plane.ReleaseAsync(greedy, memory: 32 << 20);
        await plane.PhaseAsync(1, InstancePhase.Exited);
        Assert.StartsWith("memory limit exceeded: ", plane.Instance(1).Note, StringComparison.Ordinal);
        // It is as greedy, and may have gone the same way by now.
        await plane.UntilAsync(
            () => plane.State.Instances.GetValueOrDefault(new InstanceId(2)) is { Pid: > 0 },
            "i-2 was started"
        );
    }

    [Fact]
    public async Task StoppingWaitsForTheGatewaysThenForTheInstanceAndThenForNobody()
    {
        await plane.ReleaseAsync("trap 'echo deaf' TERM; perl serve.pl & while :; do wait; done");
        await plane.HealthyAsync(1);
        plane.Gateways.LetGo = false;
        await plane.RecordAsync(new Event.RolledBack(new ReleaseId(1), "changed my mind"));
        await plane.PhaseAsync(1, InstancePhase.Stopping);
        for (var i = 0; i < 20; i++)
            await plane.RoundAsync();
        Assert.DoesNotContain("deaf", plane.Home.Output(1), StringComparison.Ordinal);
        plane.Gateways.LetGo = true;
        await plane.UntilAsync(() => plane.Home.Output(1).Contains("deaf", StringComparison.Ordinal), "it is asked");
        Assert.Equal(InstancePhase.Stopping, plane.Instance(1).Phase);
        plane.Clock.Skip(10);
        await plane.PhaseAsync(1, InstancePhase.Exited);
        Assert.Equal(RunReasons.NotNeeded, plane.Instance(1).Note);
        Assert.Empty(plane.Home.Of(1));
        Assert.Empty(plane.State.Running());
    }

    [Fact]
    public async Task OneThatCannotBeUnpackedIsAnExitWithItsReason()
    {
        plane.Artifact = (_, _) => Task.FromException<string>(new IOException("no space left"));
        await plane.ReleaseAsync(ControlPlane.Serve);
        await plane.PhaseAsync(1, InstancePhase.Exited);
        Assert.Equal("cannot be unpacked: no space left", plane.Instance(1).Note);
    }

    [Fact]
    public async Task UnpackingHoldsUpNoOther()
    {
        await plane.ServingAsync();
        plane.Home.Runtime.Signal(new InstanceId(1), StopSignal.Kill);
        var unpacked = new TaskCompletionSource<string>();
        plane.Crash();
        plane.Artifact = (mark, _) => mark.Number == 2 ? unpacked.Task : Task.FromResult(plane.Home.Artifact);
        await plane.ReleaseAsync(ControlPlane.Serve);
        await plane.UntilAsync(
            () => plane.State.Running().Any(i => i.Phase == InstancePhase.Healthy),
            "bank-1 is back"
        );
        Assert.Contains(plane.State.Running(new Mark(Story.Bank, 2)), i => i.Phase == InstancePhase.Planned);
        unpacked.SetResult(plane.Home.Artifact);
        await plane.UntilAsync(() => plane.State.Running().All(i => i.Phase == InstancePhase.Healthy), "both are up");
        Assert.Equal(2, plane.State.Running().Count());
    }
}

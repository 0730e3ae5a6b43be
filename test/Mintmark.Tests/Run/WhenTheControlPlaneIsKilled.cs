using System.Net;
using System.Net.Sockets;
using Mintmark.Releases;
using Mintmark.Run;
using Xunit;

namespace Mintmark.Tests.Run;

public sealed class WhenTheControlPlaneIsKilled : IDisposable
{
    readonly ControlPlane plane = new();

    public void Dispose() => plane.Dispose();

    LaunchPlan FirstPlan =>
        new(
            new InstanceId(1),
            Story.Version(1),
            plane.Home.FirstPort,
            plane.Home.Artifact,
            new RunPlan(ControlPlane.Serve, 1 << 28, 64)
        );

    [Fact]
    public async Task TheNextOneAdoptsWhatRuns()
    {
        await plane.ServingAsync();
        var before = plane.Instance(1);
        plane.Crash();
        for (var i = 0; i < 20; i++)
            await plane.RoundAsync();
        Assert.Equal(before, plane.Instance(1));
        Assert.Single(plane.State.Instances);
        Assert.Contains(plane.Home.Of(1), p => p.Pid == before.Pid && p.StartTicks == before.StartTicks);
    }

    [Fact]
    public async Task AfterThePlanAndBeforeTheProcessItIsStarted()
    {
        await plane.ReleaseAsync(ControlPlane.Serve);
        await plane.RecordAsync(new Event.InstancePlanned(new InstanceId(1), Story.Version(1), plane.Home.FirstPort));
        plane.Crash();
        await plane.HealthyAsync(1);
    }

    [Fact]
    public async Task AfterTheProcessAndBeforeItsRecordItIsAdopted()
    {
        await plane.ReleaseAsync(ControlPlane.Serve);
        await plane.RecordAsync(new Event.InstancePlanned(new InstanceId(1), Story.Version(1), plane.Home.FirstPort));
        var orphan = plane.Home.Runtime.Start(FirstPlan);
        await Eventually.HoldsAsync(Listens, "it listens");
        plane.Crash();
        await plane.HealthyAsync(1);
        Assert.Equal((orphan.Pid, orphan.StartTicks), (plane.Instance(1).Pid, plane.Instance(1).StartTicks));
        Assert.Single(plane.State.Instances);
    }

    [Fact]
    public async Task WhatDiedMeanwhileIsReplaced()
    {
        await plane.ServingAsync();
        plane.Home.Runtime.Signal(new InstanceId(1), StopSignal.Kill);
        await plane.Home.GoneAsync(1);
        plane.Crash();
        await plane.HealthyAsync(2);
        Assert.Equal((InstancePhase.Exited, null), (plane.Instance(1).Phase, plane.Instance(1).ExitCode));
        Assert.Equal("its process is gone", plane.Instance(1).Note);
    }

    [Fact]
    public async Task ThePidOfAnotherProcessIsNotTakenForTheInstances()
    {
        await plane.ReleaseAsync(ControlPlane.Serve);
        await plane.RecordAsync(new Event.InstancePlanned(new InstanceId(1), Story.Version(1), plane.Home.FirstPort));
        var self = Environment.ProcessId;
        await plane.RecordAsync(
            new Event.InstanceStarted(new InstanceId(1), self, ProcStat.Read(self)!.Value.StartTicks)
        );
        plane.Crash();
        await plane.HealthyAsync(2);
        Assert.Equal(InstancePhase.Exited, plane.Instance(1).Phase);
    }

    [Fact]
    public async Task WhatTheLogDoesNotKnowIsKilledAndSaid()
    {
        await plane.ServingAsync();
        plane.Home.Start("echo ready; exec sleep 100", instance: 9);
        await plane.Home.SaysAsync(9, "ready");
        plane.Crash();
        await plane.UntilAsync(() => plane.Home.Of(9).Count == 0, "the stray is gone");
        Assert.Equal("processes of i-9, which should have none, are killed", Assert.Single(plane.Notices));
        Assert.Equal(InstancePhase.Healthy, plane.Instance(1).Phase);
    }

    [Fact]
    public async Task WhileAnInstanceStopsTheNextOneGoesOn()
    {
        await plane.ReleaseAsync(ControlPlane.Serve);
        await plane.HealthyAsync(1);
        await plane.RecordAsync(new Event.RolledBack(new ReleaseId(1), "changed my mind"));
        await plane.PhaseAsync(1, InstancePhase.Stopping);
        plane.Crash();
        await plane.PhaseAsync(1, InstancePhase.Exited);
        Assert.Empty(plane.Home.Of(1));
    }

    bool Listens()
    {
        using var probe = new TcpClient();
        try
        {
            probe.Connect(IPAddress.Loopback, plane.Home.FirstPort);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}

using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Mintmark.Releases;
using Mintmark.Route;
using Mintmark.Server;
using Mintmark.Tests.Run;
using Xunit;

namespace Mintmark.Tests.Server;

public sealed class WhenGatewaysAreMet : IDisposable
{
    static readonly string ThisBuild = BuildId.Of(AppContext.BaseDirectory);
    static readonly IPEndPoint First = new(IPAddress.Loopback, 7480);
    static readonly IPEndPoint Second = new(IPAddress.Loopback, 7481);

    readonly Watch.Story story = Watch.Story.InAJournal().Serving().Ramping();
    readonly Home home = new(Directory.CreateTempSubdirectory("mintmark-met-").FullName);
    readonly Troubles troubles = new();

    public WhenGatewaysAreMet() => home.Take().Dispose();

    /// <summary>Each answers only when both were asked.</summary>
    [Fact]
    public async Task AStartAsksAllAtOnce()
    {
        var (firstAsked, secondAsked) = (new TaskCompletionSource(), new TaskCompletionSource());
        await using var first = await ScriptedGateway.StartAsync(home.Gateway, c => MeetAsync(c, firstAsked, First));
        var folder = Path.Combine(home.Gateways, $"{Second.Port}");
        await using var second = await ScriptedGateway.StartAsync(folder, c => MeetAsync(c, secondAsked, Second));
        using var gateways = Gateways(new Addresses(First, First) { More = [Second] });

        await gateways.EnsureAsync(CancellationToken.None);

        Assert.Empty(troubles.Present);

        async Task MeetAsync(HttpContext context, TaskCompletionSource asked, IPEndPoint address)
        {
            asked.TrySetResult();
            await Task.WhenAll(firstAsked.Task, secondAsked.Task);
            await TableAsync(context, address);
        }
    }

    /// <summary>It was killed, and is named again some day: its table may be from before a halt.</summary>
    [Fact]
    public async Task TheTableOfOneThatIsNotNamedIsDeleted()
    {
        await using var first = await ScriptedGateway.StartAsync(home.Gateway, c => TableAsync(c, First));
        var unnamed = Directory.CreateDirectory(Path.Combine(home.Gateways, $"{Second.Port}"));
        var table = Path.Combine(unnamed.FullName, "table");
        await File.WriteAllTextAsync(table, "of before");
        using var gateways = Gateways(new Addresses(First, First));

        await gateways.EnsureAsync(CancellationToken.None);

        Assert.False(File.Exists(table));
        Assert.Empty(troubles.Present);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("null")]
    [InlineData("no JSON")]
    [InlineData("""{"gateway":"g-1","steps":[null],"instances":[],"ignored":[],"latencies":[],"past":[]}""")]
    public async Task OneWhoseReportIsNoneIsTroubleUntilItSendsOne(string wrong)
    {
        var isWell = false;
        await using var gateway = await ScriptedGateway.StartAsync(home.Gateway, AnswerAsync);
        using var gateways = Gateways(new Addresses(First, First));
        await gateways.StartAsync(CancellationToken.None);

        await Eventually.HoldsAsync(() => troubles.Present.ContainsKey("gateway"), "it is told");
        Assert.False(gateways.Connected);
        Volatile.Write(ref isWell, true);
        await Eventually.HoldsAsync(() => gateways.Connected && troubles.Present.Count == 0, "it is well");

        await gateways.StopAsync(CancellationToken.None);

        Task AnswerAsync(HttpContext context) =>
            context.Request.Path != "/report" ? TableAsync(context, First)
            : Volatile.Read(ref isWell) ? context.Response.WriteAsync(Report(requests: 1, leaving: null))
            : context.Response.WriteAsync(wrong);
    }

    /// <summary>The clock stands still, so that half a second between two counts is never over.</summary>
    [Fact]
    public async Task WhatOneThatLeavesHasCountedIsInTheLog()
    {
        var asked = 0;
        await using var gateway = await ScriptedGateway.StartAsync(home.Gateway, AnswerAsync);
        using var gateways = Gateways(new Addresses(First, First), story.Clock);
        await gateways.StartAsync(CancellationToken.None);

        await Eventually.HoldsAsync(() => Counted() == 3, "the last counts are in the log");

        await gateways.StopAsync(CancellationToken.None);

        long? Counted() =>
            story.Release.Steps[story.Release.CurrentStep].Tallies.GetValueOrDefault("g-9")?.Candidate.Requests;

        Task AnswerAsync(HttpContext context) =>
            context.Request.Path != "/report"
                ? TableAsync(context, First)
                : Interlocked.Increment(ref asked) switch
                {
                    1 => context.Response.WriteAsync(Report(requests: 1, leaving: null)),
                    2 => context.Response.WriteAsync(Report(requests: 3, "leaving-9.sock")),
                    _ => NeverAsync(context),
                };
    }

    static Task NeverAsync(HttpContext context) =>
        Task.Delay(Timeout.Infinite, context.RequestAborted)
            .ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);

    static Task TableAsync(HttpContext context, IPEndPoint address) =>
        context.Response.WriteAsync(
            $$"""{"revision":0,"gateway":"g-9","build":"{{ThisBuild}}","listen":"{{address}}"}"""
        );

    string Report(long requests, string? leaving)
    {
        var step = new StepReport(
            story.Release.Id,
            story.Release.CurrentStep,
            ArmTally.None,
            ArmTally.Of(requests, 0),
            Tripped: false
        );
        var report = new GatewayReport("g-9", requests, 1, [step], [], [], [], [], Leaving: leaving);
        return JsonSerializer.Serialize(report, RouteWire.Default.GatewayReport);
    }

    Gateways Gateways(Addresses addresses, TimeProvider? clock = null) =>
        new(new ControlPlaneOptions(home, addresses), story.Journal!, troubles, clock ?? TimeProvider.System);

    public void Dispose()
    {
        story.Dispose();
        Directory.Delete(home.Root, recursive: true);
    }
}

using System.Diagnostics;
using System.Net;
using Grpc.Core;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Mintmark.Releases;
using Mintmark.Route;
using Mintmark.Run;
using Mintmark.Tests.Run;
using Xunit;

namespace Mintmark.Tests.Gateway;

public sealed class WhenAnInstanceSpeaksHttp2
{
    static readonly (string, string) Well = ("grpc-status", "0");

    /// <summary>After a second a client that asks first is told to go on, whatever the instance says.</summary>
    static readonly TimeSpan Unasked = TimeSpan.FromSeconds(0.9);

    [Fact]
    public async Task ACallOfGrpcGetsItsAnswerAndItsTrailers()
    {
        await using var instance = await GrpcEcho.StartAsync(Well, ("balance", "7"));
        await using var rig = await StartAsync();
        await rig.PutAsync(Spoken(Rig.Alone(instance)));
        using var channel = GrpcEcho.Channel(rig);

        using var call = channel.CreateCallInvoker().AsyncUnaryCall(GrpcEcho.Unary, null, default, [1, 2, 3]);

        Assert.Equal([1, 2, 3], await call);
        Assert.Equal("7", call.GetTrailers().GetValue("balance"));
        Assert.Equal("bank-1", (await call.ResponseHeadersAsync).GetValue("mint-mark"));
    }

    [Fact]
    public async Task MessagesGoBothWaysWhileTheCallIsOpen()
    {
        await using var instance = await GrpcEcho.StartAsync(Well);
        await using var rig = await StartAsync();
        await rig.PutAsync(Spoken(Rig.Alone(instance)));
        using var channel = GrpcEcho.Channel(rig);

        using var call = channel.CreateCallInvoker().AsyncDuplexStreamingCall(GrpcEcho.Duplex, null, default);
        for (byte i = 0; i < 50; i++)
        {
            await call.RequestStream.WriteAsync([i]);
            Assert.True(await call.ResponseStream.MoveNext(CancellationToken.None));
            Assert.Equal([i], call.ResponseStream.Current);
        }
        await call.RequestStream.CompleteAsync();

        Assert.False(await call.ResponseStream.MoveNext(CancellationToken.None));
        Assert.Equal(StatusCode.OK, call.GetStatus().StatusCode);
    }

    [Theory]
    [InlineData(StatusCode.Internal, 1)]
    [InlineData(StatusCode.Unavailable, 1)]
    [InlineData(StatusCode.NotFound, 0)]
    [InlineData(StatusCode.InvalidArgument, 0)]
    public async Task AFailureThatOnlyATrailerTellsIsCounted(StatusCode status, int errors)
    {
        await using var instance = await GrpcEcho.StartAsync(
            ("grpc-status", $"{(int)status}"),
            ("mint-signal", "late")
        );
        await using var rig = await StartAsync();
        await rig.PutAsync(Spoken(Rig.Bank(instance, instance, signals: ["late"])));
        using var channel = GrpcEcho.Channel(rig);

        using var call = channel.CreateCallInvoker().AsyncUnaryCall(GrpcEcho.Unary, null, default, [1]);
        var failed = await Assert.ThrowsAsync<RpcException>(() => call.ResponseAsync);

        Assert.Equal(status, failed.StatusCode);
        Assert.Null(failed.Trailers.GetValue("mint-signal"));
        var report = await rig.ReportAsync(r => Sum(r, t => t.Requests) == 1);
        Assert.Equal(errors, Sum(report, t => t.Errors));
        Assert.Equal(1, Sum(report, t => t.Bad.Find(Indicators.Signal("late")) ?? 0));
    }

    [Fact]
    public async Task AClientOfHttp1IsServedToo()
    {
        await using var instance = await Instance.StartAsync(
            context => context.Response.WriteAsync($"{context.Request.Protocol} {context.Request.Host}"),
            HttpProtocols.Http2
        );
        await using var rig = await StartAsync();
        await rig.PutAsync(Spoken(Rig.Alone(instance)));

        Assert.Equal($"HTTP/2 {rig.Address}", (await rig.AskAsync()).Body);
    }

    [Theory]
    [InlineData("/a%2e%252e/b?q=../x")]
    [InlineData("//double//")]
    [InlineData(@"/reports\7")]
    [InlineData("/%7euser/caf%c3%a9?a=%2e%2e%2f")]
    [InlineData("/{a}|^?q={b}")]
    public async Task ItsPathArrivesAsItWasWritten(string target)
    {
        await using var instance = await Instance.StartAsync(
            context =>
                context.Response.WriteAsync(context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget),
            HttpProtocols.Http2
        );
        await using var rig = await StartAsync();
        await rig.PutAsync(Spoken(Rig.Alone(instance)));
        const string head = "Host: bank.localhost\r\nConnection: close\r\n\r\n";

        var answer = await RawClient.AskAsync(rig, $"GET {target} HTTP/1.1\r\n{head}");

        Assert.Contains($"\r\n{target}\r\n", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WhatAsksForNoPathIsToldSo()
    {
        await using var instance = await Instance.StartAsync(_ => Task.CompletedTask, HttpProtocols.Http2);
        await using var rig = await StartAsync();
        await rig.PutAsync(Spoken(Rig.Bank(instance, instance)));
        const string head = "Host: bank.localhost\r\nConnection: close\r\n\r\n";

        var answer = await RawClient.AskAsync(rig, $"OPTIONS * HTTP/1.1\r\n{head}");

        Assert.StartsWith("HTTP/1.1 501 ", answer, StringComparison.Ordinal);
        Assert.Contains("ask for a path", answer, StringComparison.Ordinal);
        Assert.Equal(0, Sum(await rig.ReportAsync(), t => t.Requests));
    }

    [Theory]
    [InlineData("take", "HTTP/1.1 100 Continue", "hello")]
    [InlineData("refuse", "HTTP/1.1 417 Expectation Failed", "")]
    public async Task AClientThatAsksFirstHearsWhatTheInstanceSays(string path, string heard, string body)
    {
        await using var instance = await Instance.StartAsync(
            context =>
            {
                if (context.Request.Path == "/take")
                    return context.Request.Body.CopyToAsync(context.Response.Body);
                context.Response.StatusCode = StatusCodes.Status417ExpectationFailed;
                return Task.CompletedTask;
            },
            HttpProtocols.Http2
        );
        await using var rig = await StartAsync();
        await rig.PutAsync(Spoken(Rig.Alone(instance)));

        var answer = await Again.WhileAsync(got => got is null, () => ExpectAsync(rig, path, body));

        Assert.StartsWith($"{heard}\r\n", answer?.First, StringComparison.Ordinal);
        Assert.Contains(body, answer?.Second, StringComparison.Ordinal);
    }

    /// <summary>Who waits for events, or for a call to be accepted, hears at once that it was.</summary>
    [Theory]
    [InlineData(HttpProtocols.Http1)]
    [InlineData(HttpProtocols.Http2)]
    public async Task AnAnswersHeadDoesNotWaitForItsBody(HttpProtocols speaks)
    {
        await using var instance = await Instance.StartAsync(
            async context =>
            {
                await context.Response.StartAsync();
                await context.Response.Body.FlushAsync();
                await Task.Delay(Timeout.Infinite, context.RequestAborted)
                    .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            },
            speaks
        );
        await using var rig = await StartAsync();
        var alone = Rig.Alone(instance);
        await rig.PutAsync(speaks == HttpProtocols.Http2 ? Spoken(alone) : alone);

        using var late = new CancellationTokenSource(Rig.Late);
        using var answer = await rig.Client.GetAsync("", HttpCompletionOption.ResponseHeadersRead, late.Token);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Fact]
    public async Task HealthIsAskedInTheSameProtocol()
    {
        await using var instance = await Instance.StartAsync(_ => Task.CompletedTask, HttpProtocols.Http2);
        using var probe = new HttpHealthProbe(new StoppedTime());
        var asked = new Mintmark.Releases.Instance(
            new InstanceId(1),
            Mark.Parse("bank-1"),
            instance.Port,
            InstancePhase.Started,
            default,
            default,
            null,
            null,
            null,
            null,
            null
        );

        Assert.Null(await probe.ProbeAsync(asked, "/health", Protocol.H2c, CancellationToken.None));
        Assert.NotNull(await probe.ProbeAsync(asked, "/health", Protocol.Http1, CancellationToken.None));
    }

    [Fact]
    public async Task AnInstanceThatIsGoneIsPassedBy()
    {
        await using var instance = await Instance.StartAsync(
            context => context.Response.WriteAsync("hello"),
            HttpProtocols.Http2
        );
        await using var rig = await StartAsync();
        var route = Spoken(Rig.Alone(instance));
        var gone = new Target(new InstanceId(9), 1);
        await rig.PutAsync(route with { Baseline = route.Baseline! with { Targets = [gone, instance.As(1)] } });

        for (var i = 0; i < 10; i++)
            Assert.Equal("hello", (await rig.AskAsync()).Body);
    }

    /// <returns>What came before its body was sent and after; null where it may be the gateway's own.</returns>
    static async Task<(string First, string Second)?> ExpectAsync(Rig rig, string path, string body)
    {
        const string head = "Host: x\r\nConnection: close\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n";
        using var client = await RawConnection.ToAsync(rig.Address);
        var since = Stopwatch.GetTimestamp();
        await client.SendAsync($"PUT /s/bank/{path} HTTP/1.1\r\n{head}");
        var first = await client.ReadAsync("\r\n\r\n");
        if (Stopwatch.GetElapsedTime(since) >= Unasked)
            return null;
        await client.SendAsync(body);
        return (first, await client.ReadAsync(body));
    }

    static long Sum(GatewayReport report, Func<ArmTally, long> of) =>
        report.Steps.Sum(step => of(step.Baseline) + of(step.Candidate));

    static ServiceRoute Spoken(ServiceRoute route) =>
        route with
        {
            Baseline = route.Baseline! with { Protocol = Protocol.H2c },
            Comparison = route.Comparison is { } compared
                ? compared with
                {
                    Candidate = compared.Candidate with { Protocol = Protocol.H2c },
                }
                : null,
        };

    static Task<Rig> StartAsync() => Rig.StartAsync(with: o => o with { H2c = new IPEndPoint(IPAddress.Loopback, 0) });
}

using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Mintmark.Gateway;
using Mintmark.Gateway.Telemetry;
using Mintmark.Tests.Run;
using Xunit;

namespace Mintmark.Tests.Gateway;

/// <summary>All in one class: sources and meters are the process's, and two gateways would mix theirs.</summary>
public sealed partial class WhenTelemetryIsSent : IAsyncLifetime
{
    private const string Trace = "4bf92f3577b34da6a3ce929d0e0e4736";
    private const string Span = "00f067aa0ba902b7";

    private readonly ConcurrentQueue<string> seen = [];
    private OtlpReceiver collector = null!;
    private Instance bank = null!;

    public async ValueTask InitializeAsync()
    {
        collector = await OtlpReceiver.StartAsync();
        bank = await Instance.StartAsync(context =>
        {
            var headers = context.Request.Headers;
            seen.Enqueue($"{headers.TraceParent}|{headers.TraceState}|{headers["Mint-Request"]}");
            context.Response.StatusCode = context.Request.Path == "/broken" ? 500 : 200;
            return Task.CompletedTask;
        });
    }

    public async ValueTask DisposeAsync()
    {
        await bank.DisposeAsync();
        await collector.DisposeAsync();
    }

    [Fact]
    public async Task ARequestIsASpanOfItsCallersTraceAndTheInstanceGoesOnWithIt()
    {
        await WithGatewayAsync(rig =>
            AskAsync(rig, ("traceparent", $"00-{Trace}-{Span}-01"), ("tracestate", "a=1,b=2"))
        );

        var span = Assert.Single(collector.Spans);
        Assert.Equal((Trace, Span, "a=1,b=2", "GET bank"), (span.Trace, span.Parent, span.State, span.Name));
        var (parent, state, request) = Seen();
        Assert.Equal(($"00-{Trace}-{span.Id}-01", "a=1,b=2"), (parent, state));
        Assert.Equal(
            "http.request.method=GET http.response.status_code=200 mint.instance=i-1 mint.mark=bank-1 "
                + $"mint.request={request} mint.service=bank network.protocol.version=1.1 url.scheme=http",
            span.Attributes
        );
        Assert.Contains("service.name=mintmark-gateway", span.Resource, StringComparison.Ordinal);
        Assert.Contains("service.instance.id=gateway-", span.Resource, StringComparison.Ordinal);
        Assert.False(span.IsError);
    }

    [Theory]
    [InlineData("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7")]
    [InlineData("00-00000000000000000000000000000000-00f067aa0ba902b7-01")]
    [InlineData("00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01")]
    [InlineData("00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01")]
    [InlineData("ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01")]
    [InlineData("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-more")]
    [InlineData("'; drop table spans; --")]
    [InlineData("")]
    public async Task WhatIsNoTraceIsDroppedWithItsStateAndANewOneBegins(string parent)
    {
        await WithGatewayAsync(rig => AskAsync(rig, ("traceparent", parent), ("tracestate", "a=1")));

        var span = Assert.Single(collector.Spans);
        var (passed, state, _) = Seen();
        Assert.Matches(TraceParent(), passed);
        Assert.Equal($"00-{span.Trace}-{span.Id}-01", passed);
        Assert.Equal(("", "", ""), (span.Parent, span.State, state));
        Assert.NotEqual(Trace, span.Trace);
    }

    [Fact]
    public async Task NobodyTakesATraceOffOnItsWay()
    {
        await WithGatewayAsync(rig =>
            AskAsync(
                rig,
                ("traceparent", $"00-{Trace}-{Span}-01"),
                ("tracestate", "a=1"),
                ("Connection", "traceparent, tracestate")
            )
        );

        var (parent, state, _) = Seen();
        Assert.Equal(($"00-{Trace}-{Assert.Single(collector.Spans).Id}-01", "a=1"), (parent, state));
    }

    [Fact]
    public async Task TwoParentsAreNone()
    {
        await WithGatewayAsync(rig =>
            AskAsync(rig, ("traceparent", $"00-{Trace}-{Span}-01"), ("traceparent", $"00-{Trace}-{Span}-01"))
        );

        Assert.NotEqual(Trace, Assert.Single(collector.Spans).Trace);
        Assert.DoesNotContain(',', Seen().Parent);
    }

    [Fact]
    public async Task WhatACallerDoesNotRecordIsNotRecordedAndItsTraceGoesOn()
    {
        await WithGatewayAsync(rig => AskAsync(rig, ("traceparent", $"00-{Trace}-{Span}-00")));

        Assert.Empty(collector.Spans);
        Assert.StartsWith($"00-{Trace}-", Seen().Parent, StringComparison.Ordinal);
        Assert.EndsWith("-00", Seen().Parent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task OfTracesThatBeginHereOnlyAShareIsRecorded()
    {
        await WithGatewayAsync(rig => AskAsync(rig), share: 0);

        Assert.Empty(collector.Spans);
        Assert.EndsWith("-00", Seen().Parent, StringComparison.Ordinal);
        Assert.NotEmpty(collector.Points("mint.requests"));
    }

    [Fact]
    public async Task FailuresAndRefusalsAreSpansToo()
    {
        await WithGatewayAsync(async rig =>
        {
            await rig.AskAsync(path: "broken");
            using var elsewhere = await rig.Client.GetAsync($"http://127.0.0.1:{rig.Address.Port}/s/cards/");
        });

        var failed = collector.Spans.Single(s => s.IsError);
        Assert.Contains("http.response.status_code=500", failed.Attributes, StringComparison.Ordinal);
        var refused = collector.Spans.Single(s => s.Attributes.Contains("mint.refused=true", StringComparison.Ordinal));
        Assert.Equal("GET", refused.Name);
        Assert.Contains("http.response.status_code=404", refused.Attributes, StringComparison.Ordinal);
    }

    [Fact]
    public async Task MetricsAreByServiceVersionAndClassOfStatus()
    {
        await WithGatewayAsync(async rig =>
        {
            for (var i = 0; i < 3; i++)
                await rig.AskAsync(path: $"accounts/{i}");
            await rig.AskAsync(path: "broken");
            using var elsewhere = await rig.Client.GetAsync($"http://127.0.0.1:{rig.Address.Port}/s/cards/");
        });

        Assert.Equal(
            [
                ("mint.mark=bank-1 mint.outcome=answered mint.service=bank mint.status=2xx", 3L),
                ("mint.mark=bank-1 mint.outcome=failed mint.service=bank mint.status=5xx", 1L),
            ],
            collector.Points("mint.requests")
        );
        Assert.Equal(
            [
                ("mint.mark=bank-1 mint.service=bank mint.status=2xx", 3L),
                ("mint.mark=bank-1 mint.service=bank mint.status=5xx", 1L),
            ],
            collector.Points("http.server.request.duration")
        );
        Assert.Equal(
            [("mint.reason=unknown-service", 1L)],
            collector.Points("mint.turned_away").Where(p => p.Value > 0)
        );
        Assert.Single(collector.Points("mint.connections"));
        Assert.Equal([("mint.service= mint.status=4xx", 1L)], collector.Points("mint.refusals"));
        Assert.Equal([("mint.mark=bank-1 mint.service=bank", 0L)], collector.Points("http.server.active_requests"));
        Assert.Equal([("mint.service=bank", 0L)], collector.Points("mint.retries"));
    }

    [Fact]
    public async Task WhatWasSentAgainIsCountedByService()
    {
        const string ok = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
        await WithGatewayAsync(async rig =>
        {
            await using var closing = Scripted.Saying(ok, Scripted.Close, ok);
            await rig.PutAsync(closing.Alone);
            for (var i = 0; i < 2; i++)
                Assert.Equal("ok", (await rig.AskAsync()).Body);
        });

        Assert.Equal([("mint.service=bank", 1L)], collector.Points("mint.retries"));
    }

    [Fact]
    public async Task AMethodOfAClientsOwnMakingIsOneName()
    {
        await WithGatewayAsync(async rig =>
        {
            foreach (var method in new[] { "PURGE", "X-1" })
                (await rig.Client.SendAsync(new HttpRequestMessage(new HttpMethod(method), ""))).Dispose();
        });

        Assert.Equal(["_OTHER bank"], collector.Spans.Select(s => s.Name).Distinct());
    }

    [Fact]
    public async Task ACollectorMaySpeakGrpc()
    {
        await WithGatewayAsync(rig => rig.AskAsync(), byGrpc: true);

        Assert.Equal("GET bank", Assert.Single(collector.Spans).Name);
        Assert.NotEmpty(collector.Points("mint.requests"));
    }

    [Fact]
    public async Task NothingThatMayBePersonalLeaves()
    {
        await WithGatewayAsync(rig => AskAsync(rig, ("Mint-Client", "ann@example.com"), ("Cookie", "session=secret")));

        var told = string.Join('\n', collector.Spans);
        foreach (var personal in new[] { "ann@", "secret", "127.0.0.1", "/accounts", "iban" })
            Assert.DoesNotContain(personal, told, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ACollectorThatIsNotThereHoldsUpNobody()
    {
        await WithGatewayAsync(async rig =>
        {
            await collector.DisposeAsync();
            for (var i = 0; i < 20; i++)
                Assert.Equal(200, (int)(await rig.AskAsync()).Status);
        });
    }

    [Fact]
    public async Task WithoutACollectorTheTraceIsPassedOnAsItCame()
    {
        await using var rig = await Rig.StartAsync();
        await rig.PutAsync(Rig.Alone(bank));

        await AskAsync(rig, ("traceparent", $"00-{Trace}-{Span}-01"), ("tracestate", "a=1"));

        Assert.Equal(($"00-{Trace}-{Span}-01", "a=1"), (Seen().Parent, Seen().State));
    }

    [Theory]
    [InlineData("ftp://127.0.0.1", "", "", "--otlp: 'ftp://127.0.0.1' is no address of a collector, such as")]
    [InlineData("collector:4318", "", "", "--otlp: 'collector:4318' is no address")]
    [InlineData("http://c:4318", "2", "", "OTEL_TRACES_SAMPLER_ARG: '2' is no number from 0 to 1, such as 0.05")]
    [InlineData("http://c:4318", "half", "", "OTEL_TRACES_SAMPLER_ARG: 'half' is no number")]
    [InlineData(
        "http://c:4318",
        "",
        "http/json",
        "OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json' is none of http/protobuf, g"
    )]
    public void WhatCannotBeUsedIsRefusedAtTheStart(string given, string share, string protocol, string why)
    {
        var wrong = Assert.Throws<FormatException>(() =>
            GatewayOptions.Parse(["--home", "h", "--otlp", given], Environment(null, share, protocol))
        );

        Assert.StartsWith(why, wrong.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AnOptionGoesBeforeTheEnvironment()
    {
        var environment = Environment("http://there:4318/base", "0.25", "grpc");

        var from = GatewayOptions.Parse(["--home", "h"], environment).Telemetry!;

        Assert.Equal((new Uri("http://there:4318/base"), 0.25, true), (from.Endpoint, from.Share, from.ByGrpc));
        Assert.Null(GatewayOptions.Parse(["--home", "h", "--otlp", "off"], environment).Telemetry);
        Assert.Null(GatewayOptions.Parse(["--home", "h"]).Telemetry);
        Assert.Equal(
            new Uri("http://here"),
            GatewayOptions.Parse(["--home", "h", "--otlp", "http://here"], environment).Telemetry!.Endpoint
        );
    }

    private static Func<string, string?> Environment(string? endpoint, string share, string protocol) =>
        name =>
            name switch
            {
                "OTEL_EXPORTER_OTLP_ENDPOINT" => endpoint,
                "OTEL_TRACES_SAMPLER_ARG" => share,
                _ => protocol,
            };

    /// <summary>What is to be sent has been when this returns.</summary>
    /// <remarks>OpenTelemetry sends for 5 s at its end, and no longer.</remarks>
    private Task WithGatewayAsync(Func<Rig, Task> ask, double share = 1, bool byGrpc = false) =>
        Again.WhileAsync(took => took > TimeSpan.FromSeconds(4), () => OnceAsync(ask, share, byGrpc));

    /// <returns>How long the gateway took to end.</returns>
    private async Task<TimeSpan> OnceAsync(Func<Rig, Task> ask, double share, bool byGrpc)
    {
        seen.Clear();
        await collector.DisposeAsync();
        collector = await OtlpReceiver.StartAsync(byGrpc ? HttpProtocols.Http2 : HttpProtocols.Http1);
        await using var rig = await Rig.StartAsync(with: o =>
            o with
            {
                Telemetry = new TelemetryOptions(collector.Address, share, byGrpc),
            }
        );
        await rig.PutAsync(Rig.Alone(bank));
        await ask(rig);
        var ending = Stopwatch.GetTimestamp();
        await rig.EndAsync();
        return Stopwatch.GetElapsedTime(ending);
    }

    private static async Task AskAsync(Rig rig, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "accounts/7?iban=DE02");
        foreach (var (name, value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);
        using var answer = await rig.Client.SendAsync(request);
        Assert.True(answer.IsSuccessStatusCode);
    }

    private (string Parent, string State, string Request) Seen()
    {
        var parts = Assert.Single(seen).Split('|');
        return (parts[0], parts[1], parts[2]);
    }

    [GeneratedRegex("^00-[0-9a-f]{32}-[0-9a-f]{16}-01$", RegexOptions.ExplicitCapture, 1_000)]
    private static partial Regex TraceParent();
}

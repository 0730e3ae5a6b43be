using System.Net;
using System.Net.WebSockets;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Mintmark.Gateway;
using Mintmark.Gateway.Surges;
using Mintmark.Releases;
using Mintmark.Route;
using Xunit;

namespace Mintmark.Tests.Gateway;

public sealed class WhenClientsSendTooMuch
{
    const long Second = 1_000;

    [Fact]
    public void ABucketGivesWhatItHoldsAtOnceAndThenAsMuchAsComesIn()
    {
        var bucket = Bucket.Of(new Rate(10, 1), Second);
        var fullAt = long.MinValue;

        Assert.All(Enumerable.Range(0, 10), _ => Assert.Equal(0, bucket.Take(ref fullAt, 5_000, 1)));
        Assert.Equal(100, bucket.Take(ref fullAt, 5_000, 1));
        Assert.Equal(1, bucket.Take(ref fullAt, 5_099, 1));
        Assert.Equal(0, bucket.Take(ref fullAt, 5_100, 1));
        Assert.Equal(100, bucket.Take(ref fullAt, 5_100, 1));
        Assert.Equal(10, Enumerable.Range(0, 100).Count(_ => bucket.Take(ref fullAt, 60_000, 1) == 0));
    }

    [Fact]
    public void WhatMattersLessLeavesTheRestOfABucketToOthers()
    {
        var bucket = Bucket.Of(new Rate(10, 1), Second);
        var fullAt = long.MinValue;

        Assert.Equal(7, Enumerable.Range(0, 20).Count(_ => bucket.Take(ref fullAt, 1, 0.7) == 0));
        Assert.Equal(2, Enumerable.Range(0, 20).Count(_ => bucket.Take(ref fullAt, 1, 0.9) == 0));
        Assert.Equal(1, Enumerable.Range(0, 20).Count(_ => bucket.Take(ref fullAt, 1, 1) == 0));
    }

    [Fact]
    public void FiftyThousandBusyClientsHaveABucketEach()
    {
        var clients = new ClientBuckets(Bucket.Of(new Rate(1, 3_600), Second));
        var random = new Random(1);
        var keys = Enumerable.Range(0, 50_000).Select(_ => (ulong)random.NextInt64()).ToList();

        Assert.All(keys, key => Assert.Equal(0, clients.Take(key, 1, 1)));
        // But for those who shared a set with eight others, all of them busy: 4 in 1,000.
        Assert.InRange(keys.Count(key => clients.Take(key, 2, 1) == 0), 0, 400);
    }

    [Fact]
    public async Task OneClientIsToldWhenToComeAgainAndOthersAreServed()
    {
        await using var instance = await Instance.SayingAsync("hello");
        await using var rig = await Rig.StartAsync();
        await rig.PutAsync(Rig.Alone(instance) with { Surge = new SurgePlan(Client: new Rate(2, 3_600)) });

        Assert.Equal("hello", (await rig.AskAsync("ann")).Body);
        Assert.Equal("hello", (await rig.AskAsync("ann")).Body);
        using var request = new HttpRequestMessage(HttpMethod.Get, "");
        request.Headers.Add("Mint-Client", "ann");
        using var refused = await rig.Client.SendAsync(request);

        Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
        Assert.InRange(refused.Headers.RetryAfter!.Delta!.Value.TotalSeconds, 1_700, 1_800);
        Assert.Equal("application/problem+json", refused.Content.Headers.ContentType?.MediaType);
        var problem = JsonDocument.Parse(await refused.Content.ReadAsStringAsync()).RootElement;
        Assert.Equal("One client may send 2 requests an hour here.", problem.GetProperty("detail").GetString());
        Assert.Equal("hello", (await rig.AskAsync("bob")).Body);
        // Who does not say who they are is whoever calls from there.
        Assert.Equal(
            [HttpStatusCode.OK, HttpStatusCode.OK, HttpStatusCode.TooManyRequests],
            [(await rig.AskAsync()).Status, (await rig.AskAsync()).Status, (await rig.AskAsync()).Status]
        );
        Assert.Equal([new RefusedReport(new ServiceName("bank"), 2, 0, 0)], (await rig.ReportAsync()).Refused);
    }

    [Theory]
    [InlineData("203.0.113.7", "203.0.113.7", true)]
    [InlineData("2001:db8:1:2::1", "2001:db8:1:2::2", true)]
    [InlineData("203.0.113.7", "203.0.113.8", false)]
    [InlineData("127.0.0.1", "127.0.0.1", false)]
    public void WhoCollectsCookiesHasFiftyTimesARateAtMost(string first, string then, bool isOne)
    {
        var (callers, lots) = (new Callers(new byte[32]), new Lots(new byte[32]));
        var surge = Surge.Next(null, new SurgePlan(Client: new Rate(2, 3_600)), TimeProvider.System)!;

        Assert.All(Enumerable.Range(0, 100), _ => Assert.Null(Ask(first, "Cookie", Cookie())));
        var refused = Ask(then, "Cookie", Cookie());

        Assert.Equal(isOne, refused is not null);
        if (isOne)
            Assert.Equal("The clients of one address may send 50 times 2 requests an hour here.", refused!.Detail);
        // Others of the address are who they were: without a cookie, and by a name.
        Assert.Null(Ask(then, "Accept", "text/html"));
        Assert.Null(Ask(then, "Mint-Client", "ann"));

        string Cookie() => $"{Caller.Cookie}={callers.New().NewCookie}";

        Refusal? Ask(string from, string name, string value)
        {
            var context = new DefaultHttpContext();
            context.Connection.RemoteIpAddress = IPAddress.Parse(from);
            context.Request.Headers[name] = value;
            var caller = name == "Mint-Client" ? new Caller(value, 7, NewCookie: null) : callers.Find(context.Request);
            return surge.Refuse(context, caller, lots, Priority.Normal, new ServiceName("bank"));
        }
    }

    [Fact]
    public async Task AServiceThatGetsTooMuchServesWhatMattersMost()
    {
        await using var instance = await Instance.SayingAsync("hello");
        await using var rig = await Rig.StartAsync();
        var rules = new[]
        {
            new PriorityRule("/reports", Priority.Low),
            new PriorityRule("/payments", Priority.High, "GET"),
        };
        var surge = new SurgePlan(Service: new Rate(10, 3_600), Priorities: rules);
        await rig.PutAsync(Rig.Alone(instance) with { Surge = surge });

        Assert.Equal(7, await ServedAsync(rig, "reports/7?all=1"));
        Assert.Equal(2, await ServedAsync(rig, "reportsx"));
        // The same limits in a later table are not a new start.
        await rig.PutAsync(Rig.Alone(instance) with { Surge = surge with { Priorities = [.. rules] } });
        Assert.Equal(1, await ServedAsync(rig, "payments?x=1"));
        using var refused = await rig.Client.GetAsync("payments");

        Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
        // One in six minutes comes in.
        Assert.InRange(refused.Headers.RetryAfter!.Delta!.Value.TotalSeconds, 300, 360);
        var body = await refused.Content.ReadAsStringAsync();
        Assert.Contains("bank gets more requests than it takes", body, StringComparison.Ordinal);
        Assert.False(refused.Headers.Contains("Mint-Mark"));
    }

    [Theory]
    [InlineData("/reports", Priority.Low)]
    [InlineData("/reports?of=/payments", Priority.Low)]
    [InlineData("/%72eports/7", Priority.Low)]
    [InlineData("///reports//7", Priority.Low)]
    [InlineData("/x?/reports", Priority.Normal)]
    [InlineData("/reports%3Fall", Priority.Normal)]
    [InlineData("/reportsx", Priority.Normal)]
    [InlineData("/caf%C3%A9/1", Priority.Low)]
    [InlineData("/caf%c3%a9", Priority.Low)]
    public void PathsMatterAsInstancesReadThem(string target, Priority expected)
    {
        var plan = new SurgePlan(
            Priorities: [.. from path in new[] { "/reports", "/caf%C3%A9" } select new PriorityRule(path, Priority.Low)]
        );

        Assert.Equal(expected, Surge.Next(null, plan, TimeProvider.System)!.PriorityOf("GET", target));
    }

    [Fact]
    public async Task WhoIsRefusedCountsForNoVersion()
    {
        await using var old = await Instance.SayingAsync("old");
        await using var fresh = await Instance.SayingAsync("new");
        await using var rig = await Rig.StartAsync();
        await rig.PutAsync(Rig.Bank(old, fresh) with { Surge = new SurgePlan(Service: new Rate(3, 3_600)) });

        for (var i = 0; i < 20; i++)
            await rig.AskAsync($"client {i}");

        var report = await rig.ReportAsync(r => r.Instances.All(i => i.InFlight == 0));
        var step = Assert.Single(report.Steps);
        Assert.Equal(2, step.Baseline.Requests + step.Candidate.Requests);
        Assert.Equal(0, step.Baseline.Errors + step.Candidate.Errors);
        Assert.Equal(18, Assert.Single(report.Refused!).OfService);
    }

    [Fact]
    public async Task AHaltIsSaidBeforeALimit()
    {
        await using var instance = await Instance.SayingAsync("hello");
        await using var rig = await Rig.StartAsync();
        var limited = Rig.Alone(instance) with { Surge = new SurgePlan(Client: new Rate(1, 3_600)) };
        await rig.PutAsync(limited);
        await rig.AskAsync("ann");
        await rig.PutAsync(limited with { Halted = "fire" });

        Assert.Contains("is halted: fire", (await rig.AskAsync("ann")).Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AnInstanceThatIsFullTakesWhatMattersMore()
    {
        var going = new TaskCompletionSource();
        var came = new SemaphoreSlim(0);
        await using var instance = await Instance.StartAsync(async context =>
        {
            came.Release();
            await going.Task;
            await context.Response.WriteAsync("hello");
        });
        await using var rig = await Rig.StartAsync();
        var rules = new[] { new PriorityRule("/payments", Priority.High), new PriorityRule("/reports", Priority.Low) };
        var surge = new SurgePlan(Concurrency: Concurrency.Adaptive, Priorities: rules);
        await rig.PutAsync(Rig.Alone(instance) with { Surge = surge });

        var waiting = Enumerable.Range(0, 90).Select(_ => rig.AskAsync()).ToList();
        for (var i = 0; i < 90; i++)
            await came.WaitAsync();
        using var refused = await rig.Client.GetAsync("");
        var report = await rig.AskAsync(path: "reports");
        var payment = rig.AskAsync(path: "payments");
        await came.WaitAsync();
        going.SetResult();

        Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
        Assert.Equal(TimeSpan.FromSeconds(1), refused.Headers.RetryAfter?.Delta);
        var why = await refused.Content.ReadAsStringAsync();
        Assert.Contains("bank-1 have as many requests", why, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, report.Status);
        Assert.Equal("hello", (await payment).Body);
        Assert.All(await Task.WhenAll(waiting), answer => Assert.Equal("hello", answer.Body));
        Assert.Equal("hello", (await rig.AskAsync()).Body);
        Assert.Equal([new RefusedReport(new ServiceName("bank"), 0, 0, 2)], (await rig.ReportAsync()).Refused);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task NoHeaderAndNoProtocolLeadsPastWhatAnInstanceTakes(bool isHttp2)
    {
        var going = new TaskCompletionSource();
        var came = new SemaphoreSlim(0);
        await using var instance = await Instance.StartAsync(
            async context =>
            {
                came.Release();
                await going.Task;
                await context.Response.WriteAsync("hello");
            },
            isHttp2 ? HttpProtocols.Http2 : HttpProtocols.Http1
        );
        await using var rig = await Rig.StartAsync();
        var arm = Rig.Alone(instance).Baseline! with { Protocol = isHttp2 ? Protocol.H2c : Protocol.Http1 };
        var surge = new SurgePlan(Concurrency: Concurrency.Adaptive);
        await rig.PutAsync(Rig.Alone(instance) with { Baseline = arm, Surge = surge });
        if (!isHttp2)
        {
            rig.Client.DefaultRequestHeaders.Add("Connection", "Upgrade");
            rig.Client.DefaultRequestHeaders.Add("Upgrade", "websocket");
        }

        var waiting = Enumerable.Range(0, 90).Select(_ => rig.AskAsync()).ToList();
        for (var i = 0; i < 90; i++)
            await came.WaitAsync();
        var refused = rig.AskAsync();
        var isRefused = await Task.WhenAny(refused, came.WaitAsync()) == refused;
        going.SetResult();

        Assert.True(isRefused);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await refused).Status);
        Assert.All(await Task.WhenAll(waiting), answer => Assert.Equal("hello", answer.Body));
        Assert.Equal("hello", (await rig.AskAsync()).Body);
    }

    [Fact]
    public async Task AnOpenWebSocketKeepsNobodyOut()
    {
        var going = new TaskCompletionSource();
        await using var instance = await Instance.StartAsync(async context =>
        {
            using var socket = await context.WebSockets.AcceptWebSocketAsync();
            await going.Task;
        });
        await using var rig = await Rig.StartAsync();
        await rig.PutAsync(Rig.Alone(instance) with { Surge = new SurgePlan(Concurrency: Concurrency.Adaptive) });

        var open = new List<ClientWebSocket>();
        for (var i = 0; i < 150; i++)
        {
            open.Add(new ClientWebSocket());
            await open[^1].ConnectAsync(new Uri($"ws://127.0.0.1:{rig.Address.Port}/s/bank/"), default);
        }

        Assert.All(open, socket => Assert.Equal(WebSocketState.Open, socket.State));
        open.ForEach(socket => socket.Dispose());
        going.SetResult();
    }

    [Fact]
    public async Task AnInstanceThatIsFullGetsNoMoreThoughAnotherTakesNoConnection()
    {
        var going = new TaskCompletionSource();
        var came = new SemaphoreSlim(0);
        await using var instance = await Instance.StartAsync(async context =>
        {
            came.Release();
            await going.Task;
            await context.Response.WriteAsync("hello");
        });
        await using var rig = await Rig.StartAsync();
        var alone = Rig.Alone(instance) with { Surge = new SurgePlan(Concurrency: Concurrency.Adaptive) };
        await rig.PutAsync(alone);
        var waiting = Enumerable.Range(0, 90).Select(_ => rig.AskAsync()).ToList();
        for (var i = 0; i < 90; i++)
            await came.WaitAsync();
        using var dead = new Absent();
        await rig.PutAsync(alone with { Baseline = new Arm(Mark.Parse("bank-1"), [instance.As(1), dead.As(2)]) });

        for (var i = 0; i < 8; i++)
        {
            var (status, _, _) = await rig.AskAsync().WaitAsync(Rig.Late);
            Assert.Equal(HttpStatusCode.ServiceUnavailable, status);
        }

        Assert.Equal(0, came.CurrentCount);
        going.SetResult();
        Assert.All(await Task.WhenAll(waiting), answer => Assert.Equal("hello", answer.Body));
        // The place that it had at the dead one is free again, and so are all others.
        Assert.Equal("hello", (await rig.AskAsync()).Body);
    }

    [Fact]
    public async Task WhoReadsSlowlyKeepsNobodyOut()
    {
        await using var instance = await Instance.StartAsync(async context =>
        {
            await context.Response.StartAsync();
            await context.Response.Body.FlushAsync();
            await Task.Delay(Timeout.Infinite, context.RequestAborted)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        });
        await using var rig = await Rig.StartAsync();
        await rig.PutAsync(Rig.Alone(instance) with { Surge = new SurgePlan(Concurrency: Concurrency.Adaptive) });

        var reading = new List<HttpResponseMessage>();
        for (var i = 0; i < 150; i++)
            reading.Add(await rig.Client.GetAsync("", HttpCompletionOption.ResponseHeadersRead));

        Assert.All(reading, answer => Assert.Equal(HttpStatusCode.OK, answer.StatusCode));
        reading.ForEach(answer => answer.Dispose());
    }

    [Fact]
    public async Task WhoSendsSlowlyToAnInstanceOfHttp2KeepsNobodyOut()
    {
        var came = new SemaphoreSlim(0);
        await using var instance = await Instance.StartAsync(
            context =>
            {
                came.Release();
                return context.Request.Body.CopyToAsync(Stream.Null);
            },
            HttpProtocols.Http2
        );
        await using var rig = await Rig.StartAsync();
        var arm = Rig.Alone(instance).Baseline! with { Protocol = Protocol.H2c };
        var surge = new SurgePlan(Concurrency: Concurrency.Adaptive);
        await rig.PutAsync(Rig.Alone(instance) with { Baseline = arm, Surge = surge });

        var sending = new List<RawConnection>();
        for (var i = 0; i < 120; i++)
        {
            sending.Add(await RawConnection.ToAsync(rig.Address));
            await sending[^1].SendAsync("POST /s/bank/ HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nhalf");
            Assert.True(await came.WaitAsync(Rig.Late));
        }
        sending.ForEach(one => one.Dispose());
    }

    static async Task<int> ServedAsync(Rig rig, string path)
    {
        var served = 0;
        while ((await rig.AskAsync(path: path)).Status == HttpStatusCode.OK)
            served++;
        return served;
    }
}

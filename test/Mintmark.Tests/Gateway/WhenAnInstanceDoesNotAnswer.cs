using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Http;
using Mintmark.Releases;
using Mintmark.Route;
using Xunit;

namespace Mintmark.Tests.Gateway;

public sealed class WhenAnInstanceDoesNotAnswer
{
    /// <summary>Nobody listens there, and no system gives it to who asks for any port.</summary>
    const int Closed = 1;

    [Fact]
    public async Task AnotherOfItsArmTakesARequestThatNeverReachedIt()
    {
        await using var alive = await Instance.StartAsync(async context =>
        {
            using var reader = new StreamReader(context.Request.Body);
            await context.Response.WriteAsync(await reader.ReadToEndAsync());
        });
        await using var rig = await Rig.StartAsync();
        var candidate = new Arm(Mark.Parse("bank-2"), [new Target(new InstanceId(3), Closed), alive.As(4)]);
        var route = Rig.Bank(null, null, share: 10_000);
        await rig.PutAsync(route with { Comparison = route.Comparison! with { Candidate = candidate } });

        for (var i = 0; i < 20; i++)
        {
            using var answer = await rig.Client.PostAsync("", new StringContent("all of it"));
            Assert.Equal("all of it", await answer.Content.ReadAsStringAsync());
            Assert.StartsWith("bank-2.4.", answer.Headers.GetValues("Mint-Request").Single(), StringComparison.Ordinal);
            Assert.Single(answer.Headers.GetValues("Set-Cookie"));
        }

        var report = await rig.ReportAsync(r => r.Steps.Single().Candidate.Requests == 20);
        Assert.Equal(ArmTally.Of(20, 0), report.Steps.Single().Candidate);
        Assert.All(report.Instances, i => Assert.Equal(0, i.InFlight));
    }

    /// <summary>The two that are gone have less to do than the one that answers.</summary>
    [Fact]
    public async Task SoDoesTheLastThatIsLeftOfSeveral()
    {
        using var busy = new SemaphoreSlim(0);
        await using var alive = await Instance.StartAsync(context =>
            context.Request.Query.Count == 0 ? context.Response.WriteAsync("here") : busy.WaitAsync()
        );
        await using var rig = await Rig.StartAsync();
        Target[] gone = [new(new InstanceId(2), Closed), new(new InstanceId(3), Closed)];
        await rig.PutAsync(Rig.Alone(alive));
        var waiting = rig.Client.GetAsync("?wait");
        await rig.ReportAsync(r => r.Instances.Any(i => i.InFlight == 1));
        var route = Rig.Alone(alive);
        await rig.PutAsync(route with { Baseline = route.Baseline! with { Targets = [alive.As(1), .. gone] } });

        for (var i = 0; i < 5; i++)
            Assert.Equal("here", (await rig.AskAsync()).Body);
        busy.Release();
        using var answer = await waiting;
    }

    [Fact]
    public async Task WhereNoneIsLeftEachWasTriedOnce()
    {
        await using var rig = await Rig.StartAsync();
        Target[] gone = [.. Enumerable.Range(1, 3).Select(i => new Target(new InstanceId(i), Closed))];
        await rig.PutAsync(new ServiceRoute(new("bank"), null, new Arm(Mark.Parse("bank-1"), gone), null));

        // Ten retries are saved at first and each request earns a fifth: at two for each, five use them up but one.
        for (var i = 0; i < 5; i++)
            Assert.Equal(HttpStatusCode.BadGateway, (await rig.AskAsync()).Status);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await rig.AskAsync()).Status);
        await rig.ReportAsync(r => r.Instances.All(i => i.InFlight == 0));
    }

    [Theory]
    [InlineData("h2c")]
    [InlineData("websocket")]
    public async Task APaymentWithoutContentIsNotSentAgainWhateverProtocolItAsksFor(string protocol)
    {
        await using var instance = Scripted.Saying(Scripted.Close, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
        await using var rig = await Rig.StartAsync();
        await rig.PutAsync(instance.Alone);
        var head = "POST /confirm HTTP/1.1\r\nHost: bank.localhost\r\nContent-Length: 0\r\n";

        var answer = await RawClient.AskAsync(rig, $"{head}Connection: Upgrade, close\r\nUpgrade: {protocol}\r\n\r\n");

        Assert.StartsWith("HTTP/1.1 502", answer, StringComparison.Ordinal);
        Assert.Single(instance.Requests);
    }

    [Fact]
    public async Task WithoutAnotherItIsABadGatewayAndAnErrorOfTheVersion()
    {
        await using var rig = await Rig.StartAsync();
        var candidate = new Arm(Mark.Parse("bank-2"), [new Target(new InstanceId(3), Closed)]);
        var route = Rig.Bank(null, null, share: 10_000);
        await rig.PutAsync(route with { Comparison = route.Comparison! with { Candidate = candidate } });

        using var answer = await rig.Client.GetAsync("");

        Assert.Equal(HttpStatusCode.BadGateway, answer.StatusCode);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        Assert.Contains(
            "i-3 of bank-2 did not answer: it takes no connections",
            await answer.Content.ReadAsStringAsync(),
            StringComparison.Ordinal
        );
        Assert.Equal("bank-2", answer.Headers.GetValues("Mint-Mark").Single());
        Assert.Single(answer.Headers.GetValues("Set-Cookie"));
        var report = await rig.ReportAsync(r => r.Steps.Single().Candidate.Requests == 1);
        Assert.Equal(ArmTally.Of(1, 1, ("errors", 1)), report.Steps.Single().Candidate);
    }

    [Theory]
    [InlineData("POST", "body", 1)]
    [InlineData("POST", null, 1)]
    [InlineData("DELETE", null, 1)]
    [InlineData("PUT", "", 1)]
    [InlineData("GET", null, 1)]
    public async Task WhatMayChangeSomethingIsNeverSentTwice(string method, string? body, int sent)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        await using var rig = await Rig.StartAsync();
        await rig.PutAsync(AloneAt(listener));

        using var over = new CancellationTokenSource();
        var receiving = ReceiveAsync(listener, body is null or "" ? "\r\n\r\n" : body, over.Token);
        using var request = new HttpRequestMessage(new HttpMethod(method), "");
        request.Content = body is null ? null : new StringContent(body);
        using var answer = await rig.Client.SendAsync(request);
        await over.CancelAsync();

        Assert.Equal(HttpStatusCode.BadGateway, answer.StatusCode);
        Assert.Equal(sent, await receiving);
    }

    [Fact]
    public async Task AnAnswerCutShortIsAnErrorOfTheVersion()
    {
        var seen = new TaskCompletionSource();
        await using var instance = await Instance.StartAsync(async context =>
        {
            context.Response.ContentLength = 1_000;
            await context.Response.WriteAsync("only this");
            await context.Response.Body.FlushAsync();
            await seen.Task;
            context.Abort();
        });
        await using var rig = await Rig.StartAsync();
        await rig.PutAsync(Rig.Bank(null, instance, share: 10_000));

        using var answer = await rig.Client.GetAsync("", HttpCompletionOption.ResponseHeadersRead);
        seen.SetResult();
        await Assert.ThrowsAsync<HttpRequestException>(() => answer.Content.ReadAsStringAsync());

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        var report = await rig.ReportAsync(r => r.Steps.Single().Candidate.Requests == 1);
        Assert.Equal(ArmTally.Of(1, 1, ("errors", 1)), report.Steps.Single().Candidate);
    }

    [Fact]
    public async Task AConnectionThatItClosedWhileIdleIsNotUsedAgain()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        await using var rig = await Rig.StartAsync();
        await rig.PutAsync(AloneAt(listener));

        for (var i = 0; i < 20; i++)
        {
            var asked = rig.Client.PostAsync("", new StringContent("pay"));
            using (var connection = await listener.AcceptTcpClientAsync())
            {
                await ReadUntilAsync(connection.GetStream(), "pay");
                await connection.GetStream().WriteAsync("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"u8.ToArray());
                Assert.Equal("ok", await (await asked).Content.ReadAsStringAsync());
            }
        }
    }

    static ServiceRoute AloneAt(TcpListener listener)
    {
        var target = new Target(new InstanceId(1), ((IPEndPoint)listener.LocalEndpoint).Port);
        return new(new ServiceName("bank"), null, new Arm(Mark.Parse("bank-1"), [target]), null);
    }

    /// <summary>Takes each request as a whole and closes without a word; says how many there were.</summary>
    static async Task<int> ReceiveAsync(TcpListener listener, string end, CancellationToken over)
    {
        for (var received = 0; ; received++)
        {
            try
            {
                using var connection = await listener.AcceptTcpClientAsync(over);
                await ReadUntilAsync(connection.GetStream(), end);
            }
            catch (OperationCanceledException)
            {
                return received;
            }
        }
    }

    static async Task ReadUntilAsync(NetworkStream stream, string end)
    {
        var text = "";
        var buffer = new byte[1_024];
        while (!text.EndsWith(end, StringComparison.Ordinal))
            text += Encoding.ASCII.GetString(buffer, 0, await stream.ReadAsync(buffer));
    }
}

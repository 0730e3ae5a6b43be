using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Http;
using Mintmark.Releases;
using Mintmark.Route;
using Mintmark.Tests.Run;
using Xunit;

namespace Mintmark.Tests.Gateway;

public sealed class WhenTimeIsLimited
{
    static readonly Timeouts Usual = Rig.Patient;

    [Fact]
    public async Task AnAnswerWithoutHeadersInTimeIsA504ThatSaysWhich()
    {
        await using var bank = await Instance.StartAsync(NeverAsync);
        await using var rig = await StartAsync(bank.As(1), Usual with { HeadersMilliseconds = 100 });

        var (status, body, _) = await rig.AskAsync();

        Assert.Equal(HttpStatusCode.GatewayTimeout, status);
        Assert.Contains(
            "i-1 of bank-1 did not answer: it sent no headers within 100 ms",
            body,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task AnAnswerThatTakesTooLongInAllIsA504ThatSaysSo()
    {
        await using var bank = await Instance.StartAsync(NeverAsync);
        await using var rig = await StartAsync(bank.As(1), Usual with { TotalMilliseconds = 1_500 });

        // Where the machine is slow, the time may be over before there is a connection.
        var (status, body, _) = await Again.WhileAsync(
            answer => answer.Body.Contains("took no connection", StringComparison.Ordinal),
            () => rig.AskAsync()
        );

        Assert.Equal(HttpStatusCode.GatewayTimeout, status);
        Assert.Contains("it took longer than 1500 ms in all", body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AnAnswerThatNeverEndsIsBrokenOff()
    {
        await using var bank = await Instance.StartAsync(async context =>
        {
            while (!context.RequestAborted.IsCancellationRequested)
                await context.Response.WriteAsync("on and on ", context.RequestAborted);
        });
        await using var rig = await StartAsync(bank.As(1), Usual with { TotalMilliseconds = 200 });

        await Assert.ThrowsAnyAsync<Exception>(() => rig.Client.GetStringAsync(""));
    }

    [Theory]
    [InlineData("Content-Length: 5\r\n\r\nhalf")]
    [InlineData("Transfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n")]
    public async Task AnAnswerThatGoesSilentIsBrokenOff(string said)
    {
        await using var bank = Scripted.Saying($"HTTP/1.1 200 OK\r\n{said}");
        await using var rig = await StartAsync(
            new Target(new InstanceId(1), bank.Port),
            Usual with
            {
                IdleMilliseconds = 200,
            }
        );
        using var client = await RawConnection.ToAsync(rig.Address);

        await client.SendAsync("GET /s/bank/ HTTP/1.1\r\nHost: x\r\n\r\n");
        var answer = await client.ReadAsync("half");

        Assert.StartsWith("HTTP/1.1 200 ", answer, StringComparison.Ordinal);
        Assert.True(await client.IsCutAsync().WaitAsync(Rig.Late));
        await bank.ClosedAsync(connections: 1);
        var report = await rig.ReportAsync(r => r.Past.Count == 1);
        Assert.Equal(1, report.Past.Single().Bad.Find(Indicators.Errors));
    }

    /// <summary>It has begun to answer, and the client has to take that first.</summary>
    [Fact]
    public async Task AClientThatSendsTheLastOfItsRequestAndDoesNotReadIsWaitedFor()
    {
        const int size = 16 << 20;
        await using var bank = await Instance.StartAsync(async context =>
        {
            context.Response.ContentLength = size;
            await context.Response.Body.WriteAsync(new byte[size]);
            await context.Request.Body.CopyToAsync(Stream.Null);
        });
        await using var rig = await StartAsync(bank.As(1), Usual with { HeadersMilliseconds = 2_000 });
        using var client = new TcpClient();
        await client.ConnectAsync(rig.Address);
        var stream = client.GetStream();
        await stream.WriteAsync("POST /s/bank/ HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\na"u8.ToArray());
        var some = new byte[1_024];
        await stream.ReadExactlyAsync(some);
        await stream.WriteAsync("b"u8.ToArray());
        await Task.Delay(3_000);

        await stream.ReadExactlyAsync(new byte[size - some.Length]);

        Assert.StartsWith("HTTP/1.1 200 ", Encoding.ASCII.GetString(some), StringComparison.Ordinal);
    }

    [Fact]
    public async Task AClientThatReadsNothingIsWaitedForNoLongerThanInAll()
    {
        // Where the machine is slow, it may be the instance that the time was too short for.
        var (_, report) = await Again.WhileAsync(got => got.Took > TimeSpan.FromSeconds(5), ReadNothingAsync);

        Assert.Empty(report.Past);
    }

    /// <returns>How long it took until the instance could say no more, and what is told once all is over.</returns>
    static async Task<(TimeSpan Took, GatewayReport Report)> ReadNothingAsync()
    {
        await using var endless = await Endless.StartAsync();
        await using var rig = await StartAsync(endless.As(1), Usual with { TotalMilliseconds = 6_000 });
        using var client = await RawConnection.ToAsync(rig.Address);

        var since = Stopwatch.GetTimestamp();
        await client.SendAsync("GET /s/bank/ HTTP/1.1\r\nHost: x\r\n\r\n");
        await endless.FullAsync();
        var took = Stopwatch.GetElapsedTime(since);

        await rig.ReportAsync(r => r.Instances.Sum(i => i.InFlight) == 0);
        return (took, await rig.ReportAsync());
    }

    [Fact]
    public async Task AClientThatDoesNotFinishItsRequestIsNotTheInstancesError()
    {
        await using var bank = await Instance.StartAsync(c => c.Request.Body.CopyToAsync(Stream.Null));
        await using var rig = await StartAsync(bank.As(1), Usual with { TotalMilliseconds = 3_000 });

        var answer = await RawClient.AskAsync(
            rig,
            "POST /s/bank/ HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\nConnection: close\r\n\r\nhalf"
        );

        Assert.StartsWith("HTTP/1.1 408 ", answer, StringComparison.Ordinal);
        Assert.Contains("timeouts.total", answer, StringComparison.Ordinal);
        Assert.Empty((await rig.ReportAsync()).Past);
    }

    [Theory]
    [InlineData(Protocol.Http1)]
    [InlineData(Protocol.H2c)]
    public async Task AnInstanceThatTakesNoConnectionInTimeIsA504(Protocol protocol)
    {
        using var deaf = await Deaf.StartAsync();
        await using var rig = await StartAsync(deaf.As(1), Usual with { ConnectMilliseconds = 100 }, protocol);

        var (status, body, _) = await rig.AskAsync();

        Assert.Equal(HttpStatusCode.GatewayTimeout, status);
        Assert.Contains("it took no connection in time", body, StringComparison.Ordinal);
    }

    /// <summary>Each would use up one of the dozen retries that there are for so many requests.</summary>
    [Theory]
    [InlineData(Protocol.Http1)]
    [InlineData(Protocol.H2c)]
    public async Task NoOtherInstanceIsAskedOnceTheTimeForAllOfItIsOver(Protocol protocol)
    {
        using var deaf = await Deaf.StartAsync();
        await using var rig = await Rig.StartAsync();
        var limits = Usual with { TotalMilliseconds = 100 };
        await rig.PutAsync(Route([deaf.As(1), deaf.As(2)], limits, protocol));

        for (var i = 0; i < 14; i++)
            Assert.Equal(HttpStatusCode.GatewayTimeout, (await rig.AskAsync()).Status);
    }

    [Fact]
    public async Task EachRequestOfAConnectionHasItsOwnTotal()
    {
        await using var bank = await Instance.SayingAsync("ok");
        await using var rig = await StartAsync(bank.As(1), Usual with { TotalMilliseconds = 20_000 });

        var statuses = new List<HttpStatusCode>();
        for (var i = 0; i < 50; i++)
            statuses.Add((await rig.AskAsync()).Status);

        Assert.All(statuses, s => Assert.Equal(HttpStatusCode.OK, s));
    }

    [Theory]
    [InlineData("""{"connectMilliseconds":0,"headersMilliseconds":1,"idleMilliseconds":1}""", 400)]
    [InlineData(
        """{"connectMilliseconds":1,"headersMilliseconds":1,"idleMilliseconds":1,"totalMilliseconds":0}""",
        400
    )]
    [InlineData("null", 200)]
    public async Task ATableWithALimitThatIsNoTimeIsRefusedAndOneWithoutIsNot(string timeouts, int status)
    {
        await using var rig = await Rig.StartAsync();

        var arm = $$"""{"mark":"bank-1","targets":[],"timeouts":{{timeouts}}}""";
        var table = $$"""{"revision":1,"services":[{"service":"bank","baseline":{{arm}}}]}""";
        using var answer = await rig.PutAsync(Encoding.UTF8.GetBytes(table));

        Assert.Equal(status, (int)answer.StatusCode);
    }

    static Task NeverAsync(HttpContext context) =>
        Task.Delay(Timeout.Infinite, context.RequestAborted)
            .ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);

    static async Task<Rig> StartAsync(Target target, Timeouts timeouts, Protocol protocol = Protocol.Http1)
    {
        var rig = await Rig.StartAsync();
        await rig.PutAsync(Route([target], timeouts, protocol));
        return rig;
    }

    static ServiceRoute Route(Target[] targets, Timeouts timeouts, Protocol protocol)
    {
        var arm = new Arm(Mark.Parse("bank-1"), targets, Timeouts: timeouts, Protocol: protocol);
        return new(new ServiceName("bank"), null, arm, null);
    }
}

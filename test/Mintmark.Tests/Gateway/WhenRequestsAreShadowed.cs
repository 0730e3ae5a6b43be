using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Mintmark.Releases;
using Mintmark.Route;
using Xunit;

namespace Mintmark.Tests.Gateway;

public sealed class WhenRequestsAreShadowed
{
    private static readonly ShadowPlan Posts = Shadowed.All with { Methods = ["GET", "POST"] };

    [Fact]
    public async Task TheCandidateGetsACopyAndTheClientTheAnswerOfTheBaseline()
    {
        var seen = new ConcurrentQueue<string>();
        await using var old = await Instance.StartAsync(context => AnswerAsync(context, "old"));
        await using var fresh = await Instance.StartAsync(context => NoteAsync(context, seen, status: 404));
        await using var rig = await Rig.StartAsync();
        await rig.PutAsync(Rig.Alone(old).By(fresh));

        using var request = new HttpRequestMessage(HttpMethod.Get, "quotes?pair=EURUSD");
        request.Headers.Add("X-Tenant", "acme");
        request.Headers.Add("Mint-Shadow", "forged");
        using var answer = await rig.Client.SendAsync(request);

        Assert.Equal("old shadow=", await answer.Content.ReadAsStringAsync());
        Assert.Equal("bank-1", answer.Headers.GetValues("Mint-Mark").Single());
        var tally = await rig.TallyAsync(t => t.Copies == 1);
        Assert.Equal("GET /quotes?pair=EURUSD tenant=acme shadow=1 prefix=/s/bank body=", Assert.Single(seen));
        Assert.Equal((0, 0, 0, 0), (tally.Same, tally.FailedAlone, tally.AnsweredAlone, tally.Dropped));
        Assert.Equal(ByName.Of<long>(("4xx", 1)), tally.Statuses);
        Assert.True(tally.Microseconds > 0 && tally.BaselineMicroseconds > 0);
    }

    [Fact]
    public async Task CopiesEnterNeitherArmNorTheCandidatesPast()
    {
        await using var old = await Instance.SayingAsync("old");
        await using var bad = await Instance.SayingAsync("new", status: 500);
        await using var rig = await Rig.StartAsync();
        await rig.PutAsync(Rig.Alone(old).By(bad));
        for (var i = 0; i < 40; i++)
            Assert.Equal((HttpStatusCode.OK, "old", "bank-1"), await rig.AskAsync());

        var tally = await rig.TallyAsync(t => t.Copies + t.Dropped == 40);

        Assert.Equal(tally.Copies, tally.FailedAlone);
        var report = await rig.ReportAsync();
        Assert.Empty(report.Steps);
        Assert.Equal((Mark.Parse("bank-1"), 40), (report.Past.Single().Mark, report.Past.Single().Requests));
        Assert.Equal([40, 0], (await rig.ClientsAsync()).Select(c => c.LastUse is null ? 0 : 40));
    }

    /// <summary>More of them in all than may be kept at once.</summary>
    [Fact]
    public async Task BodiesAreKeptNoLongerThanTheirRequestsLast()
    {
        const int atOnce = 20;
        const int times = 15;
        await using var old = await Instance.StartAsync(c => c.Request.Body.CopyToAsync(Stream.Null));
        await using var fresh = await Instance.SayingAsync("new");
        await using var rig = await Rig.StartAsync();
        await rig.PutAsync(Rig.Alone(old).By(fresh, Posts));
        var body = new byte[64 << 10];

        for (var i = 1; i <= times; i++)
        {
            for (var j = 0; j < atOnce; j++)
                (await rig.Client.PostAsync("", new ByteArrayContent(body))).Dispose();
            var tally = await rig.TallyAsync(t => t.Copies + t.Dropped == i * atOnce);
            Assert.Equal(0, tally.Dropped);
        }
    }

    [Fact]
    public async Task ACandidateThatHangsCostsClientsNothingAndGetsFew()
    {
        var never = new TaskCompletionSource();
        var hung = 0;
        await using var old = await Instance.SayingAsync("old");
        await using var slow = await Instance.StartAsync(context =>
        {
            Interlocked.Increment(ref hung);
            return never.Task.WaitAsync(context.RequestAborted);
        });
        var rig = await Rig.StartAsync();
        await rig.PutAsync(Rig.Alone(old).By(slow));

        // Few enough that all are asked before the first copy is given up.
        for (var i = 0; i < 40; i++)
            Assert.Equal("old", (await rig.AskAsync()).Body);

        var tally = await rig.TallyAsync(t => t.Dropped == 40 - 32);
        Assert.Equal(0, tally.Copies);
        Assert.InRange(Volatile.Read(ref hung), 0, 32);
        await rig.DisposeAsync().AsTask().WaitAsync(Rig.Late);
    }

    [Fact]
    public async Task ACandidateThatCrashesFailsCopiesAndNothingElse()
    {
        await using var old = await Instance.SayingAsync("old");
        await using var crashing = Scripted.Saying(Scripted.Close);
        await using var rig = await Rig.StartAsync();
        await rig.PutAsync(Rig.Alone(old).By(new Target(new InstanceId(2), crashing.Port)));
        for (var i = 0; i < 20; i++)
            Assert.Equal("old", (await rig.AskAsync()).Body);

        var tally = await rig.TallyAsync(t => t.Copies == 20);

        Assert.Equal((20, ByName.Of<long>(("none", 20))), (tally.FailedAlone, tally.Statuses));
    }

    [Fact]
    public async Task CopiesThatHaveToBeSentAgainSpendNoRetryOfTheClients()
    {
        const string ok = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
        await using var old = await Instance.SayingAsync("old");
        await using var fickle = Scripted.Saying([
            .. Enumerable.Repeat<string[]>([ok, Scripted.Close], 100).SelectMany(a => a),
        ]);
        await using var closing = Scripted.Saying(ok, Scripted.Close, ok, Scripted.Close, ok, Scripted.Close, ok);
        await using var rig = await Rig.StartAsync();
        await rig.PutAsync(Rig.Alone(old).By(new Target(new InstanceId(2), fickle.Port)));
        for (var copies = 1; copies <= 60; copies++)
        {
            await rig.AskAsync();
            await rig.TallyAsync(t => t.Copies == copies);
        }

        await rig.PutAsync(closing.Alone);

        for (var i = 0; i < 4; i++)
            Assert.Equal("ok", (await rig.AskAsync()).Body);
    }

    [Fact]
    public async Task ARequestThatChangesSomethingIsCopiedOnlyWhereTheManifestSaysSo()
    {
        var seen = new ConcurrentQueue<string>();
        await using var old = await Instance.StartAsync(context => AnswerAsync(context, "old"));
        await using var fresh = await Instance.StartAsync(context => NoteAsync(context, seen));
        await using var rig = await Rig.StartAsync();
        await rig.PutAsync(Rig.Alone(old).By(fresh));
        await PostAsync(rig, "payments", "pay 5 EUR");
        await rig.AskAsync(path: "payments");
        await rig.TallyAsync(t => t.Copies == 1);
        Assert.StartsWith("GET", Assert.Single(seen), StringComparison.Ordinal);

        await rig.PutAsync(Rig.Alone(old).By(fresh, Posts));
        await PostAsync(rig, "payments", "pay 5 EUR");

        await rig.TallyAsync(t => t.Copies == 2);
        Assert.EndsWith("body=pay 5 EUR", seen.Last(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("POST", 0)]
    [InlineData("GET", 1)]
    public async Task NobodyDoesAloneWhatTheOldVersionWasNotReachedFor(string method, int copies)
    {
        using var absent = new Absent();
        await using var fresh = await Instance.SayingAsync("new");
        await using var rig = await Rig.StartAsync();
        var deaf = new Arm(Mark.Parse("bank-1"), [absent.As(1)]);
        await rig.PutAsync((Rig.Alone(fresh) with { Baseline = deaf }).By(fresh, Posts));

        using var request = new HttpRequestMessage(new HttpMethod(method), "payments");
        using var answer = await rig.Client.SendAsync(request);

        Assert.Equal(HttpStatusCode.BadGateway, answer.StatusCode);
        var tally = await rig.TallyAsync(t => t.Copies + t.Dropped == 1);
        Assert.Equal((copies, 1 - copies), (tally.Copies, tally.Dropped));
    }

    [Theory]
    [InlineData(64 << 10, true, 1)]
    [InlineData(64 << 10, false, 1)]
    [InlineData((64 << 10) + 1, true, 0)]
    [InlineData((64 << 10) + 1, false, 0)]
    [InlineData(4 << 20, false, 0)]
    [InlineData(0, true, 1)]
    [InlineData(0, true, 1, Protocol.H2c)]
    [InlineData(64 << 10, true, 1, Protocol.H2c)]
    [InlineData(64 << 10, false, 1, Protocol.H2c)]
    public async Task ABodyIsCopiedUpToALimitAndReachesTheBaselineWholeInAnyCase(
        int size,
        bool known,
        int copies,
        Protocol protocol = Protocol.Http1
    )
    {
        var lengths = new ConcurrentQueue<string>();
        await using var old = await Instance.StartAsync(
            context => SumAsync(context),
            protocol == Protocol.H2c ? HttpProtocols.Http2 : HttpProtocols.Http1
        );
        await using var fresh = await Instance.StartAsync(context => SumAsync(context, lengths));
        await using var rig = await Rig.StartAsync();
        var baseline = Rig.Alone(old).Baseline! with { Protocol = protocol };
        await rig.PutAsync((Rig.Alone(old) with { Baseline = baseline }).By(fresh, Posts));
        var body = new byte[size];
        new Random(size).NextBytes(body);
        using var request = new HttpRequestMessage(HttpMethod.Post, "sum") { Content = new ByteArrayContent(body) };
        request.Headers.TransferEncodingChunked = !known;

        using var answer = await rig.Client.SendAsync(request);

        var sum = $"{size} {body.Sum(b => (long)b)}";
        Assert.Equal(sum, await answer.Content.ReadAsStringAsync());
        var tally = await rig.TallyAsync(t => t.Copies + t.Dropped == 1);
        Assert.Equal((copies, 1 - copies), (tally.Copies, tally.Dropped));
        Assert.Equal(Enumerable.Repeat(sum, copies), lengths);
    }

    [Theory]
    [InlineData("POST /s/bank/leave HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nhalf of it")]
    [InlineData("GET /s/bank/leave HTTP/1.1\r\nHost: x\r\n\r\n")]
    public async Task AClientThatGoesAwayLeavesNoCopy(string asked)
    {
        var begun = new TaskCompletionSource();
        await using var old = await Instance.StartAsync(async context =>
        {
            if (context.Request.Path != "/leave")
                return;
            begun.SetResult();
            await Task.Delay(Timeout.Infinite, context.RequestAborted);
        });
        await using var fresh = await Instance.SayingAsync("new");
        await using var rig = await Rig.StartAsync();
        await rig.PutAsync(Rig.Alone(old).By(fresh, Posts));
        using (var client = new TcpClient())
        {
            await client.ConnectAsync(rig.Address);
            await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(asked));
            await begun.Task;
        }

        var tally = await rig.TallyAsync(t => t.Dropped == 1);

        Assert.Equal(0, tally.Copies);
        await rig.AskAsync();
        Assert.Equal(1, (await rig.TallyAsync(t => t.Copies == 1)).Same);
    }

    [Fact]
    public async Task OnlyTheShareAndThePathsThatAreDeclaredAreCopied()
    {
        var seen = new ConcurrentQueue<string>();
        await using var old = await Instance.SayingAsync("old");
        await using var fresh = await Instance.StartAsync(context => NoteAsync(context, seen));
        await using var rig = await Rig.StartAsync();
        await rig.PutAsync(Rig.Alone(old).By(fresh, Shadowed.All with { Paths = ["/quotes"], Share = new(5_000) }));
        foreach (var path in new[] { "quotes-old", "", "rates" })
            await rig.AskAsync(path: path);
        // One after another, so that none is dropped; that none or all of 60 are drawn happens once in 10^17.
        for (var i = 0; i < 60; i++)
            await rig.AskAsync(path: "quotes/EUR?x=1");

        var tally = await rig.TallyAsync(t => t.Copies > 0 && t.Copies == seen.Count);

        Assert.InRange(tally.Copies, 1, 59);
        Assert.All(seen, s => Assert.StartsWith("GET /quotes/EUR?x=1 ", s, StringComparison.Ordinal));
    }

    [Fact]
    public async Task NothingIsCopiedWhileHaltedOrWithoutACandidate()
    {
        await using var old = await Instance.SayingAsync("old");
        await using var fresh = await Instance.SayingAsync("new");
        await using var rig = await Rig.StartAsync();
        await rig.PutAsync(Rig.Alone(old).By((Instance?)null));
        Assert.Equal("old", (await rig.AskAsync()).Body);
        await rig.PutAsync(Rig.Bank(old, share: 0, halted: "drill").By(fresh));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await rig.AskAsync()).Status);
        await rig.PutAsync(Rig.Alone(old).By(fresh));
        Assert.Equal("old", (await rig.AskAsync()).Body);

        var tally = await rig.TallyAsync(t => t.Copies == 1);

        Assert.Equal(0, tally.Dropped);
    }

    [Fact]
    public async Task CountsGoOnFromTableToTableAndBeginAnewWithAnotherRelease()
    {
        await using var old = await Instance.SayingAsync("old");
        await using var rig = await Rig.StartAsync();
        for (var copies = 1; copies <= 3; copies++)
        {
            await rig.PutAsync(Rig.Alone(old).By(old));
            await rig.AskAsync();
            await rig.TallyAsync(t => t.Copies == copies);
        }

        await rig.PutAsync(Rig.Alone(old).By(old, release: 8));

        Assert.Equal(ShadowTally.None, await rig.TallyAsync(_ => true));
    }

    [Fact]
    public async Task GrpcIsCopiedWithItsMessagesAndItsTrailersTellFailures()
    {
        await using var old = await GrpcEcho.StartAsync(("grpc-status", "0"));
        await using var bad = await GrpcEcho.StartAsync(("grpc-status", "13"));
        await using var rig = await Rig.StartAsync(with: o => o with { H2c = new(IPAddress.Loopback, 0) });
        var route = Rig.Alone(old).By(bad, Posts);
        await rig.PutAsync(
            route with
            {
                Baseline = route.Baseline! with { Protocol = Protocol.H2c },
                Shadow = route.Shadow! with { Candidate = route.Shadow.Candidate with { Protocol = Protocol.H2c } },
            }
        );
        using var channel = GrpcEcho.Channel(rig);

        using var call = channel.CreateCallInvoker().AsyncUnaryCall(GrpcEcho.Unary, null, default, [1, 2, 3]);

        Assert.Equal([1, 2, 3], await call);
        var tally = await rig.TallyAsync(t => t.Copies == 1);
        Assert.Equal((1, ByName.Of<long>(("2xx", 1))), (tally.FailedAlone, tally.Statuses));
    }

    [Fact]
    public async Task ATableWithAShadowOfNothingIsRefused()
    {
        await using var old = await Instance.SayingAsync("old");
        await using var rig = await Rig.StartAsync();
        var table = new RouteTable(1, null, [Rig.Alone(old).By(old, Shadowed.All with { Share = new(0) })]);

        using var answer = await rig.PutAsync(RouteWire.ToJson(table));

        Assert.Equal(400, (int)answer.StatusCode);
    }

    private static Task AnswerAsync(HttpContext context, string text) =>
        context.Response.WriteAsync($"{text} shadow={context.Request.Headers["Mint-Shadow"]}");

    private static async Task PostAsync(Rig rig, string path, string body)
    {
        using var answer = await rig.Client.PostAsync(path, new StringContent(body));
        Assert.Equal("old shadow=", await answer.Content.ReadAsStringAsync());
    }

    private static async Task NoteAsync(HttpContext context, ConcurrentQueue<string> seen, int status = 200)
    {
        var r = context.Request;
        using var body = new StreamReader(r.Body);
        seen.Enqueue(
            $"{r.Method} {r.Path}{r.QueryString} tenant={r.Headers["X-Tenant"]} shadow={r.Headers["Mint-Shadow"]} "
                + $"prefix={r.Headers["X-Forwarded-Prefix"]} body={await body.ReadToEndAsync()}"
        );
        context.Response.StatusCode = status;
        await context.Response.WriteAsync("thrown away");
    }

    private static async Task SumAsync(HttpContext context, ConcurrentQueue<string>? sums = null)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        var sum = $"{body.Length} {body.ToArray().Sum(b => (long)b)}";
        sums?.Enqueue(sum);
        await context.Response.WriteAsync(sum);
    }
}

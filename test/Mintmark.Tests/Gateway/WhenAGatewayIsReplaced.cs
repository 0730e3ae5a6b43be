using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Http;
using Mintmark.Gateway;
using Mintmark.Gateway.Succession;
using Mintmark.Server;
using Mintmark.Tests.Run;
using Xunit;

namespace Mintmark.Tests.Gateway;

/// <summary>Another process takes its sockets over; here it is another gateway in the same process.</summary>
public sealed class WhenAGatewayIsReplaced
{
    [Fact]
    public async Task NoRequestFailsHoweverOftenItIs()
    {
        const int times = 20;
        await using var instance = await Instance.SayingAsync("hello");
        var rig = await Rig.StartAsync();
        await rig.PutAsync(Rig.Alone(instance));
        using var stop = new CancellationTokenSource();
        var answers = new ConcurrentBag<string>();
        Task[] asking =
        [
            .. Enumerable.Range(0, 4).Select(_ => AskAnewAsync(rig.Address, answers, stop.Token)),
            .. Enumerable.Range(0, 4).Select(_ => AskOnOneConnectionAsync(rig.Address, answers, stop.Token)),
        ];

        var left = new List<Task>();
        for (var i = 0; i < times; i++)
        {
            var next = await rig.ReplaceAsync();
            left.Add(rig.StopAsync());
            rig = next;
            // Each of them is replaced in the midst of answers, however slow the machine is.
            while (answers.Count < 20 * (i + 1))
                await rig.AskAsync();
        }
        await stop.CancelAsync();
        await Task.WhenAll(asking);
        await Task.WhenAll(left);

        Assert.All(answers, answer => Assert.Equal("hello", answer));
        await rig.DisposeAsync();
    }

    [Fact]
    public async Task TheNextOneHasTheTableAndTheOldOneSaysThatItLeaves()
    {
        await using var instance = await Instance.SayingAsync("hello");
        var first = await Rig.StartAsync();
        await first.PutAsync(Rig.Alone(instance));

        await using var next = await first.ReplaceAsync();

        Assert.Equal(
            (1, true),
            await next.TableAsync() is var (revision, _, fromDisk) ? (revision, fromDisk) : default
        );
        Assert.Equal("hello", (await next.AskAsync()).Body);
        Assert.Null((await next.ReportAsync()).Leaving);
        var leaving = await first.ReportAsync(r => r.Leaving is not null);
        Assert.StartsWith("leaving-", leaving.Leaving, StringComparison.Ordinal);
        await first.StopAsync();
        Assert.Equal("hello", (await next.AskAsync()).Body);
        Assert.Single(
            Directory.GetFiles(Path.Combine(next.Home, "gateway"), "*.sock"),
            s => !s.EndsWith("handover.sock", StringComparison.Ordinal)
        );
    }

    [Fact]
    public async Task WhereTheNextOneDoesNotListenNobodyWaits()
    {
        var first = await Rig.StartAsync(with: o => o with { H2c = new IPEndPoint(IPAddress.Loopback, 0) });
        var place = first.Addresses[^1];

        var next = await first.ReplaceAsync(with: o => o with { H2c = null });
        await first.StopAsync();
        using var client = new TcpClient();
        await Assert.ThrowsAsync<SocketException>(() => client.ConnectAsync(place));

        await using var last = await next.ReplaceAsync(with: o => o with { H2c = place });
        await next.StopAsync();
        Assert.Equal(place, last.Addresses[^1]);
    }

    [Fact]
    public async Task OneWhoseControlSocketIsGoneCanBeReplaced()
    {
        await using var instance = await Instance.SayingAsync("hello");
        var first = await Rig.StartAsync();
        await first.PutAsync(Rig.Alone(instance));
        File.Delete(Path.Combine(first.Home, "gateway", "control.sock"));

        await using var next = await first.ReplaceAsync();
        await first.StopAsync();

        Assert.Equal("hello", (await next.AskAsync()).Body);
    }

    [Fact]
    public async Task ARequestUnderWayIsAnsweredAndItsConnectionIsToldToEnd()
    {
        var going = new TaskCompletionSource();
        var came = new TaskCompletionSource();
        await using var instance = await Instance.StartAsync(async context =>
        {
            came.SetResult();
            await going.Task;
            await context.Response.WriteAsync("late");
        });
        var first = await Rig.StartAsync();
        await first.PutAsync(Rig.Alone(instance));
        var asking = first.AskAsync();
        await came.Task;

        await using var next = await first.ReplaceAsync();
        var stopping = first.StopAsync();
        Assert.False(stopping.IsCompleted);
        going.SetResult();

        Assert.Equal("late", (await asking).Body);
        await stopping;
    }

    [Fact]
    public async Task AConnectionThatStandsIdleGetsOneMoreAnswerWhichSaysThatItIsTheLast()
    {
        await using var instance = await Instance.SayingAsync("hello");
        var first = await Rig.StartAsync();
        await first.PutAsync(Rig.Alone(instance));
        using var client = await RawConnection.ToAsync(first.Address);
        await client.SendAsync("GET /s/bank/ HTTP/1.1\r\nHost: x\r\n\r\n");
        Assert.DoesNotContain("Connection:", await client.ReadAsync(until: "hello"), StringComparison.Ordinal);

        await using var next = await first.ReplaceAsync();
        await client.SendAsync("GET /s/bank/ HTTP/1.1\r\nHost: x\r\n\r\n");

        Assert.Contains("Connection: close", await client.ReadToEndAsync(), StringComparison.Ordinal);
        await first.StopAsync();
    }

    [Fact]
    public async Task AHaltReachesTheOneThatLeavesToo()
    {
        await using var instance = await Instance.SayingAsync("hello");
        var first = await Rig.StartAsync();
        await first.PutAsync(Rig.Alone(instance));
        using var client = await RawConnection.ToAsync(first.Address);
        await client.SendAsync("GET /s/bank/ HTTP/1.1\r\nHost: x\r\n\r\n");
        await client.ReadAsync(until: "hello");

        var next = await first.ReplaceAsync();
        await first.PutAsync(Rig.Alone(instance) with { Halted = "fire" });
        await client.SendAsync("GET /s/bank/ HTTP/1.1\r\nHost: x\r\n\r\n");

        Assert.Contains("is halted: fire", await client.ReadToEndAsync(), StringComparison.Ordinal);
        // What is on disk is the next one's to say.
        Assert.Equal(1, (await next.TableAsync()).Revision);
        await first.StopAsync();
        await next.StopAsync();
        await using var again = await Rig.StartAsync(first.Home);
        Assert.Equal(HttpStatusCode.OK, (await again.AskAsync()).Status);
    }

    [Fact]
    public async Task TheAccessLogGoesOnWithoutALineLost()
    {
        const int each = 50;
        await using var instance = await Instance.SayingAsync("hello");
        var first = await Rig.StartAsync();
        await first.PutAsync(Rig.Alone(instance));
        for (var i = 0; i < each; i++)
            await first.AskAsync();

        var next = await first.ReplaceAsync();
        // On the connection that the old one still has.
        await first.AskAsync();
        await first.StopAsync();
        for (var i = 0; i < each; i++)
            await next.AskAsync();
        await next.StopAsync();

        var lines = await File.ReadAllLinesAsync(Path.Combine(next.Home, "gateway", "access", "access.jsonl"));
        Assert.Equal(2 * each + 1, lines.Length);
        Assert.All(lines, line => Assert.Contains("\"outcome\":\"answered\"", line, StringComparison.Ordinal));
        Directory.Delete(next.Home, recursive: true);
    }

    [Fact]
    public async Task OneThatLeavesLastHasItsLinesInTheLogThoughTheNextOneHasLeftToo()
    {
        var (came, going) = (new TaskCompletionSource(), new TaskCompletionSource());
        await using var instance = await Instance.StartAsync(async context =>
        {
            came.TrySetResult();
            await going.Task;
            await context.Response.WriteAsync("late");
        });
        var first = await Rig.StartAsync();
        await first.PutAsync(Rig.Alone(instance));
        var late = first.AskAsync();
        await came.Task;
        var second = await first.ReplaceAsync();
        var firstLeaves = first.StopAsync();
        var third = await second.ReplaceAsync();

        var secondLeaves = second.StopAsync();
        await Eventually.HoldsAsync(() => !GatewayClient.Listens(second.ControlSocket), "nothing of its own is left");
        going.SetResult();
        Assert.Equal("late", (await late).Body);
        await firstLeaves;
        await secondLeaves;
        await third.StopAsync();

        var lines = await File.ReadAllLinesAsync(Path.Combine(third.Home, "gateway", "access", "access.jsonl"));
        Assert.Contains("\"outcome\":\"answered\"", Assert.Single(lines), StringComparison.Ordinal);
        Directory.Delete(third.Home, recursive: true);
    }

    [Fact]
    public async Task OneThatCannotStartLeavesTheOldOneAsItIs()
    {
        await using var instance = await Instance.SayingAsync("hello");
        var rig = await Rig.StartAsync();
        await rig.PutAsync(Rig.Alone(instance));
        File.Delete(Path.Combine(rig.Home, "gateway", "table"));

        var refused = await Assert.ThrowsAsync<CannotStartException>(() => rig.ReplaceAsync());

        Assert.Contains(
            "route table of the gateway that runs is not on disk",
            refused.Message,
            StringComparison.Ordinal
        );
        Assert.Equal("hello", (await rig.AskAsync()).Body);
        using var anew = rig.NewClient();
        Assert.Equal("hello", await anew.GetStringAsync(""));
        await rig.PutAsync(Rig.Alone(instance));
        await using var next = await ReplaceAgainAsync(rig);
        Assert.Equal("hello", (await next.AskAsync()).Body);
        await rig.StopAsync();
    }

    [Fact]
    public async Task WithoutOneThatRunsThereIsNothingToReplace()
    {
        var options = new GatewayOptions(
            Directory.CreateTempSubdirectory("mintmark-none-").FullName,
            new IPEndPoint(IPAddress.Loopback, 0)
        )
        {
            Replace = true,
        };

        var refused = await Assert.ThrowsAsync<CannotStartException>(() =>
            GatewayHost.StartAsync(options, CancellationToken.None)
        );

        Assert.Contains("to take over from", refused.Message, StringComparison.Ordinal);
        Directory.Delete(options.Home, recursive: true);
    }

    [Fact]
    public async Task ASocketThatCameAndWasClosedLetsClientsInWhenItComesAgain()
    {
        using var door = new TcpListener(IPAddress.Loopback, 0);
        door.Start();
        var place = Path.Combine(Directory.CreateTempSubdirectory("mintmark-heir-").FullName, "sock");
        using var listening = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        listening.Bind(new UnixDomainSocketEndPoint(place));
        listening.Listen();
        using var heir = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await heir.ConnectAsync(new UnixDomainSocketEndPoint(place));
        using var giver = await listening.AcceptAsync();

        for (var i = 0; i < 3; i++)
        {
            Descriptors.Send(giver, "1"u8, [(int)door.Server.Handle]);
            var (_, descriptors) = Descriptors.Receive(heir, new byte[1]);
            using var again = new Socket(new SafeSocketHandle(descriptors.Single(), ownsHandle: true));
            Descriptors.Share(again);
            var coming = again.AcceptAsync();
            using var client = new TcpClient();
            await client.ConnectAsync((IPEndPoint)door.LocalEndpoint);
            (await coming).Dispose();
        }
        Directory.Delete(Path.GetDirectoryName(place)!, recursive: true);
    }

    /// <summary>After one that has failed: the old one may not listen for another yet.</summary>
    static async Task<Rig> ReplaceAgainAsync(Rig rig)
    {
        using var late = new CancellationTokenSource(Rig.Late);
        using var glance = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (true)
        {
            try
            {
                return await rig.ReplaceAsync();
            }
            catch (CannotStartException early)
                when (early.Message.Contains("to take over from", StringComparison.Ordinal))
            {
                await glance.WaitForNextTickAsync(late.Token);
            }
        }
    }

    static async Task AskAnewAsync(IPEndPoint gateway, ConcurrentBag<string> answers, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                using var client = await RawConnection.ToAsync(gateway);
                await client.SendAsync("GET /s/bank/ HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
                var answer = await client.ReadToEndAsync();
                answers.Add(answer.EndsWith("hello\r\n0\r\n\r\n", StringComparison.Ordinal) ? "hello" : answer);
            }
            catch (Exception failed) when (failed is IOException or SocketException)
            {
                answers.Add($"{failed}");
            }
        }
    }

    /// <summary>As a client does that keeps its connection for as long as it is not told otherwise.</summary>
    static async Task AskOnOneConnectionAsync(IPEndPoint gateway, ConcurrentBag<string> answers, CancellationToken stop)
    {
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false, MaxConnectionsPerServer = 1 });
        while (!stop.IsCancellationRequested)
        {
            try
            {
                answers.Add(await http.GetStringAsync($"http://{gateway}/s/bank/", CancellationToken.None));
            }
            catch (HttpRequestException failed)
            {
                answers.Add($"{failed}");
            }
        }
    }
}

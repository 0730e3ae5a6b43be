using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;
using Mintmark.Gateway;
using Mintmark.Gateway.Surges;
using Mintmark.Releases;
using Xunit;

namespace Mintmark.Tests.Gateway;

/// <summary>Who sends slowly holds no place at an instance; who has sent all of it does.</summary>
public sealed class WhenABodyComesAfterItsHead
{
    const int Second = 1_000;

    /// <summary>Of a limit that has not found itself yet, what is not for the most important ones.</summary>
    const int Room = 90;

    readonly HandTime time = new();
    readonly ConcurrencyLimit limit = new(Second);

    [Theory]
    [InlineData(Protocol.Http1)]
    [InlineData(Protocol.H2c)]
    public async Task AnInstanceIsFullOfThoseThatHaveSentAll(Protocol protocol)
    {
        var going = new TaskCompletionSource();
        var (came, isWhole) = (new SemaphoreSlim(0), new SemaphoreSlim(0));
        await using var instance = await Instance.StartAsync(
            async context =>
            {
                // However slow the machine is, nobody gives up those who wait.
                context.Features.Get<IHttpMinRequestBodyDataRateFeature>()!.MinDataRate = null;
                came.Release();
                await context.Request.Body.CopyToAsync(Stream.Null);
                isWhole.Release();
                await going.Task;
                await context.Response.WriteAsync("hello");
            },
            protocol == Protocol.H2c ? HttpProtocols.Http2 : HttpProtocols.Http1
        );
        await using var rig = await Rig.StartAsync(with: o => o with { ClientLimits = new ClientLimits(Grace: 600) });
        var arm = Rig.Alone(instance).Baseline! with { Protocol = protocol };
        var surge = new SurgePlan(Concurrency: Concurrency.Adaptive);
        await rig.PutAsync(Rig.Alone(instance) with { Baseline = arm, Surge = surge });

        var sending = new List<RawConnection>();
        for (var i = 0; i < 120; i++)
        {
            sending.Add(await RawConnection.ToAsync(rig.Address));
            await sending[^1].SendAsync("POST /s/bank/ HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhel");
            Assert.True(await came.WaitAsync(Rig.Late));
        }
        foreach (var one in sending)
        {
            await one.SendAsync("lo");
            Assert.True(await isWhole.WaitAsync(Rig.Late));
        }
        var refused = rig.AskAsync();
        var isRefused = await Task.WhenAny(refused, came.WaitAsync()) == refused;
        going.SetResult();

        Assert.True(isRefused);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await refused).Status);
        foreach (var one in sending)
            Assert.StartsWith("HTTP/1.1 200 ", await one.ReadAsync("hello"), StringComparison.Ordinal);
        Assert.Equal("hello", (await rig.AskAsync()).Body);
        sending.ForEach(one => one.Dispose());
    }

    /// <summary>What the head has announced has come: the instance may work on it.</summary>
    [Theory]
    [InlineData(Protocol.Http1)]
    [InlineData(Protocol.H2c)]
    public async Task WhoWithholdsTheEndOfABodyThatIsWholeHoldsAPlace(Protocol protocol)
    {
        var going = new TaskCompletionSource();
        var isWhole = new SemaphoreSlim(0);
        await using var instance = await Instance.StartAsync(
            async context =>
            {
                await context.Request.Body.CopyToAsync(Stream.Null);
                isWhole.Release();
                await going.Task;
                await context.Response.WriteAsync("hello");
            },
            protocol == Protocol.H2c ? HttpProtocols.Http2 : HttpProtocols.Http1
        );
        var anyPort = new IPEndPoint(IPAddress.Loopback, 0);
        await using var rig = await Rig.StartAsync(with: o =>
            o with
            {
                H2c = anyPort,
                ClientLimits = new ClientLimits(Grace: 600),
            }
        );
        var arm = Rig.Alone(instance).Baseline! with { Protocol = protocol };
        var surge = new SurgePlan(Concurrency: Concurrency.Adaptive);
        await rig.PutAsync(Rig.Alone(instance) with { Baseline = arm, Surge = surge });
        using var client = new HttpClient();

        var sending = new List<Task<HttpResponseMessage>>();
        for (var i = 0; i < Room; i++)
        {
            sending.Add(client.SendAsync(Withholding(rig)));
            Assert.True(await isWhole.WaitAsync(TimeSpan.FromSeconds(60)));
        }
        var refused = rig.AskAsync();
        var isRefused = await Task.WhenAny(refused, isWhole.WaitAsync()) == refused;
        going.SetResult();

        Assert.True(isRefused);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await refused).Status);
        foreach (var answer in await Task.WhenAll(sending))
            Assert.Equal("hello", await answer.Content.ReadAsStringAsync());
    }

    static HttpRequestMessage Withholding(Rig rig) =>
        new(HttpMethod.Post, $"http://{rig.Addresses[^1]}/s/bank/")
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new Withheld(),
        };

    /// <summary>Five bytes, as it says, and no end.</summary>
    sealed class Withheld : HttpContent
    {
        readonly TaskCompletionSource never = new();

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            await stream.WriteAsync("hello"u8.ToArray());
            await stream.FlushAsync();
            await never.Task;
        }

        protected override bool TryComputeLength(out long length)
        {
            length = "hello".Length;
            return true;
        }
    }

    [Fact]
    public void WhoIsAwayMakesRoomAndIsNotRefusedOnTheWayBack()
    {
        var places = Enumerable.Range(0, Room).Select(_ => Enter()!).ToList();
        Assert.Null(Enter());

        places[0].Away();
        places[0].Away();
        places.Add(Enter()!);
        Assert.Null(Enter());
        places[0].Back();
        places[0].Back();

        places[1].Leave(answered: false);
        Assert.Null(Enter());
        places[2].Leave(answered: false);
        Assert.NotNull(Enter());
        Assert.Null(Enter());
    }

    [Fact]
    public void WhoIsGoneStaysGone()
    {
        var (left, away) = (Enter()!, Enter()!);
        left.Leave(answered: false);
        away.Away();
        away.Leave(answered: false);

        foreach (var gone in new[] { left, away })
        {
            gone.Away();
            gone.Back();
            gone.Leave(answered: false);
        }

        Assert.Equal(Room, Enumerable.Range(0, 2 * Room).Count(_ => Enter() is not null));
    }

    [Fact]
    public void AnAnswerThatComesAsTheBodyEndsCountsOnce()
    {
        for (var i = 0; i < 2_000; i++)
        {
            var place = Enter()!;
            place.Away();
            Parallel.Invoke(place.Back, () => place.Leave(answered: false));
        }

        Assert.Equal(Room, Enumerable.Range(0, 2 * Room).Count(_ => Enter() is not null));
    }

    [Fact]
    public void WhatTheClientTakesIsNotTheInstancesTime()
    {
        for (var i = 0; i < 30; i++)
        {
            var alone = Enter()!;
            time.Now += 10;
            alone.Leave(answered: true);
        }
        var places = Enumerable.Range(0, Room).Select(_ => Enter()!).ToList();
        Assert.Null(Enter());

        places.ForEach(place => place.Away());
        time.Now += Second;
        places.ForEach(place => place.Back());
        time.Now += 10;
        places.ForEach(place => place.Leave(answered: true));

        // It answered as many at once as quickly as one, so it may get more.
        Assert.Equal(200, limit.Limit);
    }

    Place? Enter() =>
        limit.TryEnter(time.Now, Priority.Normal) ? new Place(limit, time, time.Now, Priority.Normal) : null;

    sealed class HandTime : TimeProvider
    {
        public long Now { get; set; } = Second;

        public override long GetTimestamp() => Now;

        public override long TimestampFrequency => Second;
    }
}

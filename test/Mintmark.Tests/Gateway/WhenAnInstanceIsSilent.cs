using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Mintmark.Gateway;
using Mintmark.Gateway.Plain;
using Mintmark.Releases;
using Mintmark.Route;
using Xunit;
using Outcome = Mintmark.Gateway.Outcome;

namespace Mintmark.Tests.Gateway;

public sealed class WhenAnInstanceIsSilent
{
    static readonly Timeouts Short = new(2_000, HeadersMilliseconds: 100, IdleMilliseconds: 100);

    [Theory]
    [InlineData("")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-")]
    [InlineData("HTTP/1.1 100 Continue\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nok")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n")]
    public async Task ItsTimeIsUp(string said)
    {
        await using var instance = Scripted.Saying(said);
        using var connections = new Connections(Connections.LongestIdle);

        var delivery = await AskAsync(instance, connections, Short, new MemoryStream());

        Assert.Equal((Fault.TooSlow, StatusCodes.Status504GatewayTimeout), (delivery.Fault, delivery.Status));
        Assert.Equal(Outcome.Failed, delivery.Judge(StatusCodes.Status200OK));
    }

    [Fact]
    public async Task WhatItSaysInTimeIsItsAnswerAndIdleConnectionsEnd()
    {
        await using var instance = Scripted.Saying("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
        using var connections = new Connections(Connections.LongestIdle);

        for (var i = 1; i <= 2; i++)
        {
            var body = new MemoryStream();
            var delivery = await AskAsync(instance, connections, Timeouts.Usual, body);

            Assert.Equal(Fault.None, delivery.Fault);
            Assert.Equal("ok", Encoding.ASCII.GetString(body.ToArray()));
            await instance.ClosedAsync(connections: i);
        }
        Assert.Equal([1, 2], instance.Requests.Select(r => r.Connection));
    }

    static async Task<Delivery> AskAsync(Scripted instance, Connections connections, Timeouts timeouts, Stream body)
    {
        var alone = instance.Alone with { Baseline = instance.Alone.Baseline! with { Timeouts = timeouts } };
        var service = LiveTable.None.Next(new RouteTable(1, null, [alone]), TimeProvider.System).Services["bank"];
        var arm = service.Baseline!;
        var context = new DefaultHttpContext { Response = { Body = body } };
        context.Request.Method = HttpMethods.Get;
        context.Request.Host = new HostString("bank.localhost");
        context.Features.Set<IHttpRequestBodyDetectionFeature>(new NoBody());
        var exchange = new Exchange(arm, arm.Targets[0], seat: null, newcomer: null, "/", new Address(service, null));
        return await new Forwarder(connections).SendAsync(context, exchange);
    }

    sealed class NoBody : IHttpRequestBodyDetectionFeature
    {
        public bool CanHaveBody => false;
    }
}

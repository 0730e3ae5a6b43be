using Microsoft.AspNetCore.Http;
using Mintmark.Gateway.Plain;

namespace Mintmark.Gateway;

/// <summary>The two ways to an instance: our own for plain HTTP/1.1, YARP's for whatever is not.</summary>
sealed class Ways(Forwarder forwarder, Upgrades upgrades)
{
    public ValueTask<Delivery> SendAsync(HttpContext context, Exchange exchange) =>
        IsByYarp(context, exchange.Arm)
            ? upgrades.SendAsync(context, exchange)
            : forwarder.SendAsync(context, exchange);

    private static bool IsByYarp(HttpContext context, LiveArm arm) => arm.SpeaksHttp2 || Upgrades.IsOne(context);
}

using System.Collections.Concurrent;
using System.Net.Security;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;

namespace Mintmark.Gateway.Succession;

/// <summary>Connections of clients, and what becomes of them when another gateway takes over.</summary>
sealed class Visitors
{
    private readonly ConcurrentDictionary<string, (ConnectionContext Connection, bool IsHttp2)> present = new();
    private readonly ConcurrentDictionary<string, Farewell> farewells = new();
    private volatile bool leaving;

    /// <summary>Each answer is the last one on its connection.</summary>
    public bool AreLeaving => leaving;

    /// <param name="isHttp2">By prior knowledge, without TLS.</param>
    public ConnectionDelegate Count(ConnectionDelegate next, Func<bool> isHttp2) =>
        async connection =>
        {
            present.TryAdd(connection.ConnectionId, (connection, isHttp2()));
            try
            {
                await next(connection);
            }
            finally
            {
                farewells.TryRemove(connection.ConnectionId, out _);
                present.TryRemove(connection.ConnectionId, out _);
            }
        };

    /// <summary>A connection of HTTP/2 that has asked for something, and how it is told.</summary>
    public void Expect(ConnectionContext connection, Farewell farewell)
    {
        farewells.TryAdd(connection.ConnectionId, farewell);
        if (leaving)
            farewell.Say();
    }

    /// <summary>
    /// Connections of HTTP/2 are told at once; what the clients have sent before they hear of it is answered. Those of
    /// HTTP/1.1 are told by their next answer.
    /// </summary>
    public void Leave()
    {
        leaving = true;
        foreach (var farewell in farewells.Values)
            farewell.Say();
    }

    /// <returns>Null where it is not open any more.</returns>
    public (ConnectionContext Connection, bool IsHttp2)? Find(string connection) =>
        present.TryGetValue(connection, out var found)
            ? (found.Connection, found.IsHttp2 || HasAgreedOnHttp2(found.Connection))
            : null;

    /// <summary>HTTP/2 has other words for it, and a connection that becomes another has none to close.</summary>
    public static void SeeOff(HttpContext context)
    {
        if (
            HttpProtocol.IsHttp11(context.Request.Protocol)
            && context.Features.Get<IHttpUpgradeFeature>() is not { IsUpgradableRequest: true }
        )
        {
            context.Response.Headers.Connection = "close";
        }
    }

    private static bool HasAgreedOnHttp2(ConnectionContext connection) =>
        connection.Features.Get<ISslStreamFeature>()?.SslStream.NegotiatedApplicationProtocol
        == SslApplicationProtocol.Http2;
}

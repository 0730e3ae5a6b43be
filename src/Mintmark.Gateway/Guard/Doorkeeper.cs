using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Mintmark.Gateway.Lines;
using Mintmark.Gateway.Surges;
using Mintmark.Gateway.Wire;
using Mintmark.Releases;

namespace Mintmark.Gateway.Guard;

/// <summary>
/// Tells of connections that nobody let in or that were cut off. Ten a second at most are lines of the access log, so
/// that a flood does not wash the others out of it; all are counted.
/// </summary>
sealed class Doorkeeper(TurnedAway turnedAway, AccessLog? log, TimeProvider time)
{
    private readonly Bucket lines = Bucket.Of(new Rate(10, 1), time.TimestampFrequency);
    private readonly Lock taking = new();
    private long fullAt;

    public void Tell(IPAddress from, Reason why)
    {
        turnedAway.Add(from, why);
        if (log is null || !MayWrite())
            return;
        log.Add(AccessLine.TurnedAway(time.GetUtcNow().UtcDateTime, from, method: "", target: "", status: null, why));
    }

    public void Tell(IPAddress from, Full full) =>
        Tell(from, full == Full.InAll ? Reason.Connections : Reason.ConnectionsOfOne);

    public void Cut(ConnectionContext connection, Reason why)
    {
        if (connection.RemoteEndPoint is IPEndPoint remote)
            Tell(remote.Address, why);
        connection.Abort(new ConnectionAbortedException($"cut off: {why.Title()}"));
    }

    /// <summary>
    /// Tells of clients that begin to speak and do not come to an agreement. Who says nothing may only want to know
    /// whether somebody listens.
    /// </summary>
    public ConnectionDelegate Watch(ConnectionDelegate next) =>
        async connection =>
        {
            await next(connection);
            if (connection is ClientConnection { HasSpoken: true, HasAgreed: false, RemoteEndPoint: IPEndPoint remote })
                Tell(remote.Address, Reason.Handshake);
        };

    /// <summary>Who comes here has come to an agreement.</summary>
    public static ConnectionDelegate Agree(ConnectionDelegate next) =>
        connection =>
        {
            if (connection is ClientConnection own)
                own.HasAgreed = true;
            return next(connection);
        };

    /// <summary>Cuts off who takes nothing of an answer for so long, whatever it took before.</summary>
    public Func<ConnectionDelegate, ConnectionDelegate> Urge(TimeSpan stall)
    {
        Action<object> look = state => Look((ClientConnection)state, stall);
        return next =>
            connection =>
            {
                if (connection is ClientConnection)
                    connection.Features.Get<IConnectionHeartbeatFeature>()?.OnHeartbeat(look, connection);
                return next(connection);
            };
    }

    private void Look(ClientConnection connection, TimeSpan stall)
    {
        if (!connection.HasStalled(stall.TotalMilliseconds))
            return;
        if (connection.RemoteEndPoint is IPEndPoint remote)
            Tell(remote.Address, Reason.ReadsTooSlow);
        connection.Abort(new ConnectionAbortedException("cut off: it takes nothing of its answer"));
    }

    private bool MayWrite()
    {
        lock (taking)
            return lines.Take(ref fullAt, time.GetTimestamp(), part: 1) == 0;
    }
}

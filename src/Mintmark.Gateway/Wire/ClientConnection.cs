using System.Buffers;
using System.Globalization;
using System.IO.Pipelines;
using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http.Features;

namespace Mintmark.Gateway.Wire;

/// <summary>A client's connection, as Kestrel's HTTP server wants to have it.</summary>
sealed class ClientConnection : ConnectionContext, IDuplexPipe, IMemoryPoolFeature
{
    private static long count;

    private readonly Link link;
    private readonly CancellationTokenSource closed = new();
    private readonly Inlet inlet;
    private readonly Outlet outlet;
    private readonly Crowd crowd;
    private readonly Party party;
    private IDictionary<object, object?>? items;
    private int hasLeft;
    private int untaken;
    private long tookAt;

    /// <param name="party">As that it has entered the crowd.</param>
    public ClientConnection(
        Link link,
        EndPoint? local,
        IPEndPoint remote,
        MemoryPool<byte> memory,
        Crowd crowd,
        Party party
    )
    {
        (this.link, this.crowd, this.party) = (link, crowd, party);
        (LocalEndPoint, RemoteEndPoint, MemoryPool) = (local, remote, memory);
        (Input, Output) = (inlet = new Inlet(link), outlet = new Outlet(link));
        Transport = this;
        ConnectionClosed = closed.Token;
        Features.Set<IMemoryPoolFeature>(this);
        Features.Set(party);
        link.WhenHungUp = TellClosed;
        link.Begin();
    }

    public override string ConnectionId { get; set; } =
        Interlocked.Increment(ref count).ToString(CultureInfo.InvariantCulture);

    public override IFeatureCollection Features { get; } = new FeatureCollection();

    public override IDictionary<object, object?> Items
    {
        get => items ??= new ConnectionItems();
        set => items = value;
    }

    public override IDuplexPipe Transport { get; set; }

    public PipeReader Input { get; }

    public PipeWriter Output { get; }

    public MemoryPool<byte> MemoryPool { get; }

    /// <summary>The client has sent something.</summary>
    public bool HasSpoken => inlet.HasHeard;

    /// <summary>By TLS.</summary>
    public bool HasAgreed { get; set; }

    /// <summary>
    /// Whether the client has taken nothing for so many milliseconds of what it is to get. The kernel tells that there
    /// is room only when a third of what it holds is gone, which may take a slow client minutes, so it is asked, by one
    /// thread and each second or so.
    /// </summary>
    public bool HasStalled(double milliseconds)
    {
        var (now, since) = (Environment.TickCount64, outlet.WaitsSince);
        if (since == 0)
            return false;
        var left = link.Untaken();
        if (left < untaken)
            tookAt = now;
        untaken = left;
        return now - Math.Max(since, tookAt) >= milliseconds;
    }

    /// <summary>The client must not take for whole what is not.</summary>
    public override void Abort(ConnectionAbortedException abortReason) => link.Reset();

    public override async ValueTask DisposeAsync()
    {
        await Input.CompleteAsync();
        await Output.CompleteAsync();
        link.Finish();
        closed.Dispose();
        if (Interlocked.Exchange(ref hasLeft, 1) == 0)
            crowd.Leave(party);
        await base.DisposeAsync();
    }

    /// <summary>Not on the loop's thread: whoever is told may do anything.</summary>
    private void TellClosed() =>
        ThreadPool.UnsafeQueueUserWorkItem(static closed => Tell(closed), closed, preferLocal: false);

    private static void Tell(CancellationTokenSource closed)
    {
        try
        {
            closed.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // Nobody has it any more.
        }
    }
}

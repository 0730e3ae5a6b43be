using System.Net;
using System.Net.Sockets;
using Mintmark.Gateway.Wire;
using Xunit;

namespace Mintmark.Tests.Gateway;

/// <summary>A connection on a loop, and its other end.</summary>
sealed record Pair(Link Link, Socket Peer) : IDisposable
{
    /// <param name="peerHolds">Bytes that the kernel keeps for the peer; null for what is usual.</param>
    public static async Task<Pair> MakeAsync(int? peerHolds = null)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var peer = new Socket(SocketType.Stream, ProtocolType.Tcp);
        peer.ReceiveBufferSize = peerHolds ?? peer.ReceiveBufferSize;
        await peer.ConnectAsync(listener.LocalEndpoint);
        var link = Link.Of(await listener.AcceptSocketAsync());
        link.Begin();
        return new Pair(link, peer);
    }

    public async Task<byte[]> ReadAsync(int length)
    {
        var bytes = new byte[length];
        await new NetworkStream(Peer).ReadExactlyAsync(bytes);
        return bytes;
    }

    /// <summary>In a turn of the loop, which a byte of the peer begins; the link has it to read.</summary>
    public async Task InATurnAsync(Action what)
    {
        var over = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Assert.False(Link.Readable.IsThereOr(_ => Run(what, over), null));
        await Peer.SendAsync(new byte[1]);
        await over.Task;
    }

    public void Dispose()
    {
        Link.Dispose();
        Peer.Dispose();
    }

    static void Run(Action what, TaskCompletionSource over)
    {
        try
        {
            Assert.NotNull(Loop.Current);
            what();
            over.SetResult();
        }
        catch (Exception wrong)
        {
            over.SetException(wrong);
        }
    }
}

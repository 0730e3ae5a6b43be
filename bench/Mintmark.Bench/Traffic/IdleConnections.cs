using System.Net;
using System.Net.Sockets;

namespace Mintmark.Bench.Traffic;

/// <summary>Connections that have asked once and stay open.</summary>
internal sealed class IdleConnections : IDisposable
{
    private const int AtOnce = 50;
    private static readonly byte[] Request = "GET /small HTTP/1.1\r\nHost: bank.localhost\r\n\r\n"u8.ToArray();

    private readonly List<Socket> sockets = [];

    public static async Task<IdleConnections> OpenAsync(int port, int count)
    {
        var all = new IdleConnections();
        while (all.sockets.Count < count)
            all.sockets.AddRange(await Task.WhenAll(Enumerable.Range(0, AtOnce).Select(_ => OpenAsync(port))));
        return all;
    }

    public void Dispose() => sockets.ForEach(s => s.Dispose());

    private static async Task<Socket> OpenAsync(int port)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(IPAddress.Loopback, port);
        await socket.SendAsync(Request);
        var buffer = new byte[4_096];
        var read = await socket.ReceiveAsync(buffer);
        if (!buffer.AsSpan(0, read).StartsWith("HTTP/1.1 200 "u8))
            throw new InvalidOperationException("an idle connection was not answered");
        return socket;
    }
}

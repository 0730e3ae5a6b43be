using System.Buffers;
using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;

namespace Mintmark.Gateway.Wire;

/// <summary>Has Kestrel's HTTP server listen to clients by our own loops.</summary>
/// <param name="crowd">Says who may come in.</param>
/// <param name="bound">The socket for an address; null to make one.</param>
sealed class WireTransport(IMemoryPoolFactory<byte> memory, Crowd crowd, Func<EndPoint, Socket>? bound = null)
    : IConnectionListenerFactory
{
    public ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default)
    {
        try
        {
            var socket = bound?.Invoke(endpoint) ?? SocketTransportOptions.CreateDefaultBoundListenSocket(endpoint);
            socket.Listen(Listener.Backlog);
            return ValueTask.FromResult<IConnectionListener>(new Listener(socket, memory.Create(), crowd));
        }
        catch (SocketException taken) when (taken.SocketErrorCode == SocketError.AddressAlreadyInUse)
        {
            throw new AddressInUseException(taken.Message, taken);
        }
    }

    private sealed class Listener(Socket socket, MemoryPool<byte> memory, Crowd crowd) : IConnectionListener
    {
        public const int Backlog = 512;
        private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(1);

        public EndPoint EndPoint { get; } = socket.LocalEndPoint!;

        public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default)
        {
            while (true)
            {
                try
                {
                    var accepted = await socket.AcceptAsync(cancellationToken);
                    var remote = (IPEndPoint)accepted.RemoteEndPoint!;
                    if (crowd.TryEnter(remote.Address) is { } party)
                        return Let(accepted, remote, party);
                    // Reset: nothing of it stays in the kernel either.
                    accepted.Close(timeout: 0);
                }
                catch (ObjectDisposedException)
                {
                    return null;
                }
                catch (SocketException ended) when (ended.SocketErrorCode == SocketError.OperationAborted)
                {
                    return null;
                }
                catch (SocketException)
                {
                    // It was gone before it was accepted; or no descriptor is left, and then some may be soon.
                    await Task.Delay(Pause, CancellationToken.None);
                }
            }
        }

        private ClientConnection Let(Socket accepted, IPEndPoint remote, Party party)
        {
            var local = accepted.LocalEndPoint;
            var link = Link.Of(accepted);
            try
            {
                return new ClientConnection(link, local, remote, memory, crowd, party);
            }
            catch (SocketException)
            {
                // The kernel has no room for one more.
                link.Dispose();
                crowd.Leave(party);
                throw;
            }
        }

        public ValueTask UnbindAsync(CancellationToken cancellationToken = default)
        {
            socket.Dispose();
            return default;
        }

        public ValueTask DisposeAsync()
        {
            socket.Dispose();
            memory.Dispose();
            return default;
        }
    }
}

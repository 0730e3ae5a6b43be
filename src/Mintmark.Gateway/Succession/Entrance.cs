using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;

namespace Mintmark.Gateway.Succession;

/// <summary>
/// Where clients come in: sockets of our own, or those of the gateway that was here before. It can close for newcomers
/// while those who are in stay: the web server knows only how to do both.
/// </summary>
sealed class Entrance : IConnectionListenerFactory, IDisposable
{
    private readonly ConcurrentQueue<Door> doors = new();
    private readonly ConcurrentQueue<Socket> sockets = new();
    private readonly List<Socket> inherited;
    private readonly TaskCompletionSource opened = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private IConnectionListenerFactory? transport;

    /// <param name="inherited">Used where their addresses are asked for, and else closed with this.</param>
    public Entrance(IEnumerable<Socket> inherited) => this.inherited = [.. inherited];

    /// <param name="sockets">Listens on those that <see cref="Bound"/> gives it.</param>
    public Entrance Over(IConnectionListenerFactory sockets)
    {
        transport = sockets;
        return this;
    }

    /// <summary>To hand over. They stay open here.</summary>
    public IReadOnlyList<Socket> Sockets => [.. sockets];

    public async ValueTask<IConnectionListener> BindAsync(
        EndPoint endpoint,
        CancellationToken cancellationToken = default
    )
    {
        var door = new Door(await transport!.BindAsync(endpoint, cancellationToken), opened.Task);
        doors.Enqueue(door);
        return door;
    }

    /// <summary>Who came before waits outside until then.</summary>
    public void Open() => opened.TrySetResult();

    /// <summary>
    /// Nobody new comes in here from now on, and who has come in before is counted when this returns. Who waits outside
    /// is let in by whoever has the sockets too.
    /// </summary>
    public async Task CloseAsync(CancellationToken ct)
    {
        foreach (var door in doors)
            await door.CloseAsync(ct);
    }

    /// <summary>Where nobody listens here: whoever comes there is to be refused, not to wait for nobody.</summary>
    public void LetGo()
    {
        inherited.ForEach(socket => socket.Dispose());
        inherited.Clear();
    }

    public void Dispose() => LetGo();

    public Socket Bound(EndPoint endpoint)
    {
        var socket =
            inherited.Find(s => endpoint.Equals(s.LocalEndPoint))
            ?? SocketTransportOptions.CreateDefaultBoundListenSocket(endpoint);
        inherited.Remove(socket);
        Descriptors.Share(socket);
        sockets.Enqueue(socket);
        return socket;
    }

    private sealed class Door(IConnectionListener inner, Task opened) : IConnectionListener
    {
        private static readonly TimeSpan LastOneAtMost = TimeSpan.FromSeconds(1);

        private readonly TaskCompletionSource closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource over = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public EndPoint EndPoint => inner.EndPoint;

        public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default)
        {
            await Task.WhenAny(opened, over.Task).WaitAsync(cancellationToken);
            var connection = await inner.AcceptAsync(cancellationToken);
            // With the end of newcomers the web server takes for granted that all is over.
            if (connection is null)
            {
                closed.TrySetResult();
                await over.Task.WaitAsync(cancellationToken);
            }
            return connection;
        }

        /// <summary>One who was just being let in is not forgotten.</summary>
        public async ValueTask CloseAsync(CancellationToken ct)
        {
            await inner.UnbindAsync(ct);
            await closed.Task.WaitAsync(LastOneAtMost, ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        public ValueTask UnbindAsync(CancellationToken cancellationToken = default)
        {
            over.TrySetResult();
            return inner.UnbindAsync(cancellationToken);
        }

        public ValueTask DisposeAsync() => inner.DisposeAsync();
    }
}

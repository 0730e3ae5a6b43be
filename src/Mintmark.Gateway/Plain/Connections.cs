using System.Net;
using System.Net.Sockets;
using Mintmark.Gateway.Wire;

namespace Mintmark.Gateway.Plain;

/// <summary>Every connection to an instance, swept for those that are late or were idle too long.</summary>
sealed class Connections : IDisposable
{
    /// <summary>
    /// A request that meets a connection which the instance is just closing fails, and must not be repeated if it
    /// changes something. So connections are not kept idle for as long as instances keep them (2 s with gunicorn, 5 s
    /// with Node and uvicorn, 130 s with Kestrel).
    /// </summary>
    public static readonly TimeSpan LongestIdle = TimeSpan.FromMilliseconds(800);

    private static readonly TimeSpan Sweeping = TimeSpan.FromMilliseconds(200);

    private readonly Lock changing = new();
    private readonly List<UpstreamConnection> all = [];
    private readonly Timer sweep;
    private readonly long longestIdle;

    /// <param name="longestIdle">One that stands idle for longer is ended.</param>
    public Connections(TimeSpan longestIdle)
    {
        this.longestIdle = (long)longestIdle.TotalMilliseconds;
        sweep = new Timer(_ => Sweep(), state: null, Sweeping, Sweeping);
    }

    /// <param name="gone">The client went away.</param>
    /// <param name="cut">A halt came that ends requests.</param>
    /// <exception cref="SocketException">The instance takes no connections.</exception>
    /// <exception cref="OperationCanceledException">It did not in time, or one of the two came about.</exception>
    public async ValueTask<UpstreamConnection> OpenAsync(
        LiveTarget target,
        TimeSpan within,
        CancellationToken gone,
        CancellationToken cut
    )
    {
        var link = Link.To(new IPEndPoint(IPAddress.Loopback, target.Port));
        using var late = CancellationTokenSource.CreateLinkedTokenSource(gone, cut);
        late.CancelAfter(within);
        try
        {
            await using (late.Token.UnsafeRegister(static l => ((Link)l!).Dispose(), link))
                await link.ConnectedAsync();
        }
        catch (ObjectDisposedException)
        {
            throw new OperationCanceledException(late.Token);
        }
        catch
        {
            link.Dispose();
            throw;
        }
        var connection = new UpstreamConnection(link, target);
        lock (changing)
            all.Add(connection);
        return connection;
    }

    /// <summary>Ends the exchanges with these instances. Those that begin later are to look by themselves.</summary>
    public void Cut(IReadOnlySet<LiveTarget> targets)
    {
        foreach (var connection in Present())
        {
            if (targets.Contains(connection.Target) && connection.Target.Cut is { } halt)
                connection.CutOff(halt);
        }
    }

    public void Dispose()
    {
        sweep.Dispose();
        foreach (var connection in Present())
            connection.Dispose();
    }

    private void Sweep()
    {
        var now = Environment.TickCount64;
        var over = Present().Where(connection => connection.Sweep(now, longestIdle)).ToHashSet();
        if (over.Count == 0)
            return;
        lock (changing)
            all.RemoveAll(over.Contains);
    }

    /// <summary>
    /// Who waits for one that is ended goes on at once, and may open another: none is ended under the lock.
    /// </summary>
    private UpstreamConnection[] Present()
    {
        lock (changing)
            return [.. all];
    }
}

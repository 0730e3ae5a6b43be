using System.Net;
using System.Net.Sockets;

namespace Mintmark.Run;

/// <summary>
/// The ports of one control plane's instances. Between its choice and the moment when the instance listens, a port
/// looks free to every other control plane of the machine, and the instance of one home would answer for another's. So
/// a port is claimed by a name that the kernel gives once (an abstract socket) and takes back from whoever dies.
/// </summary>
/// <remarks>Of one thread at a time.</remarks>
internal sealed class Ports(int first, int last) : IDisposable
{
    private readonly Dictionary<int, Socket> claims = [];

    /// <param name="given">The last port that was given.</param>
    /// <param name="taken">What instances of this home have; claims to others end here.</param>
    /// <exception cref="IOException">None is free.</exception>
    public int Free(int given, IReadOnlySet<int> taken)
    {
        foreach (var old in claims.Keys.Where(port => !taken.Contains(port)).ToList())
            Release(old);
        // After a restart, those that were claimed before it.
        foreach (var port in taken)
            Claim(port);
        var count = last - first + 1;
        for (var i = 1; i <= count; i++)
        {
            var port = first + (Math.Max(given - first, -1) + i) % count;
            if (taken.Contains(port) || !Claim(port))
                continue;
            if (Binds(port))
                return port;
            Release(port);
        }
        throw new IOException($"no port between {first} and {last} is free");
    }

    public void Dispose()
    {
        foreach (var port in claims.Keys.ToList())
            Release(port);
    }

    private bool Claim(int port)
    {
        if (claims.ContainsKey(port))
            return true;
        var claim = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        try
        {
            claim.Bind(new UnixDomainSocketEndPoint($"\0mintmark-port-{port}"));
        }
        catch (SocketException)
        {
            claim.Dispose();
            return false;
        }
        claims[port] = claim;
        return true;
    }

    private void Release(int port)
    {
        if (claims.Remove(port, out var claim))
            claim.Dispose();
    }

    private static bool Binds(int port)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}

using System.Net;
using System.Net.Sockets;

namespace Mintmark.Run;

internal static class Ports
{
    /// <summary>
    /// Ports go round: one that was given back is not given out again at once, so that a late request for the old
    /// instance never meets a new one.
    /// </summary>
    public static int Free(int first, int last, int after, IReadOnlySet<int> taken)
    {
        var count = last - first + 1;
        for (var i = 1; i <= count; i++)
        {
            var port = first + ((after - first + i) % count + count) % count;
            if (!taken.Contains(port) && Binds(port))
                return port;
        }
        throw new IOException($"no port between {first} and {last} is free");
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

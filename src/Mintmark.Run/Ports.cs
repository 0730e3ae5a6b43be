using System.Net;
using System.Net.Sockets;

namespace Mintmark.Run;

internal static class Ports
{
    public static int Free(int first, int last, int given, IReadOnlySet<int> taken)
    {
        var count = last - first + 1;
        for (var i = 1; i <= count; i++)
        {
            var port = first + (Math.Max(given - first, -1) + i) % count;
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

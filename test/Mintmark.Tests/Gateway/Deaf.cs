using System.Net;
using System.Net.Sockets;
using Mintmark.Releases;
using Mintmark.Route;

namespace Mintmark.Tests.Gateway;

/// <summary>An instance that accepts nobody: its queue is full, so who connects to it waits.</summary>
sealed class Deaf : IDisposable
{
    readonly TcpListener listening = new(IPAddress.Loopback, 0);
    readonly TcpClient waiting = new();

    Deaf() => listening.Start(backlog: 0);

    public static async Task<Deaf> StartAsync()
    {
        var deaf = new Deaf();
        await deaf.waiting.ConnectAsync((IPEndPoint)deaf.listening.LocalEndpoint);
        return deaf;
    }

    public Target As(int number) => new(new InstanceId(number), ((IPEndPoint)listening.LocalEndpoint).Port);

    public void Dispose()
    {
        waiting.Dispose();
        listening.Dispose();
    }
}

using System.Net;
using System.Net.Sockets;
using Mintmark.Releases;
using Mintmark.Route;

namespace Mintmark.Tests.Gateway;

/// <summary>An instance that is not there: its port refuses all, and nobody else gets it meanwhile.</summary>
sealed class Absent : IDisposable
{
    readonly Socket bound = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);

    public Absent() => bound.Bind(new IPEndPoint(IPAddress.Loopback, 0));

    public Target As(int number) => new(new InstanceId(number), ((IPEndPoint)bound.LocalEndPoint!).Port);

    public void Dispose() => bound.Dispose();
}

using System.Net.Sockets;

namespace Mintmark.Tests.Server;

/// <summary>A gateway that hangs: the system takes connections for it, and nobody reads them.</summary>
sealed class SilentSocket : IDisposable
{
    private readonly Socket listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);

    public SilentSocket(string folder, int queue = 64)
    {
        Directory.CreateDirectory(folder);
        Path = System.IO.Path.Combine(folder, "control.sock");
        listener.Bind(new UnixDomainSocketEndPoint(Path));
        listener.Listen(queue);
    }

    public string Path { get; }

    public void Dispose() => listener.Dispose();
}

using System.Net;
using System.Net.Sockets;
using Mintmark.Gateway;
using Xunit;

namespace Mintmark.Tests.Gateway;

/// <summary>An instance, read by YARP's way, always has more.</summary>
public sealed class WhenReadersTakeTurns
{
    const int InARow = 64;

    [Fact]
    public async Task WhoNeverWaitsLetsOthersGoFirst()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        using var instance = new TcpClient();
        await instance.ConnectAsync((IPEndPoint)listener.LocalEndpoint);
        await using var reading = new InTurns(await listener.AcceptSocketAsync());
        await instance.GetStream().WriteAsync(new byte[4 * InARow]);
        // From here on each read of a byte has it at once.
        await reading.ReadExactlyAsync(new byte[InARow]);
        var (before, others) = (SynchronizationContext.Current, new Others());

        SynchronizationContext.SetSynchronizationContext(others);
        var reads = Enumerable.Range(0, InARow + 1).Select(_ => reading.ReadAsync(new byte[1]).AsTask()).ToList();
        SynchronizationContext.SetSynchronizationContext(before);

        var goOn = Assert.Single(others.Waiting);
        var waits = Assert.Single(reads, read => !read.IsCompleted);
        goOn();
        Assert.Equal(1, await waits);
    }

    /// <summary>What is put off until others have had their turn.</summary>
    sealed class Others : SynchronizationContext
    {
        public List<Action> Waiting { get; } = [];

        public override void Post(SendOrPostCallback d, object? state) => Waiting.Add(() => d(state));
    }
}

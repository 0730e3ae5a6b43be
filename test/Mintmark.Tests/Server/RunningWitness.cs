using System.Net;
using Mintmark.Server;
using Mintmark.Tests.Log;

namespace Mintmark.Tests.Server;

/// <summary>A witness that answers over real HTTP.</summary>
sealed class RunningWitness : IAsyncDisposable
{
    private readonly WitnessFolder folder;
    private readonly CancellationTokenSource stop = new();
    private readonly Task running;

    private RunningWitness(WitnessFolder folder, TaskCompletionSource<Uri> ready)
    {
        this.folder = folder;
        running = WitnessHost.RunAsync(
            folder.Witness,
            new IPEndPoint(IPAddress.Loopback, 0),
            ready.SetResult,
            stop.Token
        );
    }

    public WitnessAddress Address { get; private set; } = null!;

    public static async Task<RunningWitness> StartAsync(LogFolder log)
    {
        var folder = new WitnessFolder(log);
        var ready = new TaskCompletionSource<Uri>();
        var witness = new RunningWitness(folder, ready);
        await Task.WhenAny(ready.Task, witness.running);
        witness.Address = new WitnessAddress(await ready.Task, folder.Verifier());
        return witness;
    }

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await running;
        stop.Dispose();
        folder.Dispose();
    }
}

using System.Diagnostics;
using System.IO.Pipelines;
using Mintmark.Gateway.Plain;
using Mintmark.Releases;
using Mintmark.Route;
using Xunit;

namespace Mintmark.Tests.Gateway;

/// <summary>
/// With the last of an answer, which the instance has sent: nothing but the flush that goes on says that it has ended.
/// </summary>
public sealed class WhenAClientTakesItsTime : IAsyncLifetime
{
    readonly Slow client = new();
    Pair pair = null!;
    UpstreamConnection connection = null!;

    public async ValueTask InitializeAsync()
    {
        pair = await Pair.MakeAsync();
        var target = new Target(new InstanceId(1), 8_000);
        connection = new(pair.Link, new(Mark.Parse("bank-1"), target, InFlight.Cut, Stopwatch.Frequency));
    }

    public ValueTask DisposeAsync()
    {
        connection.Dispose();
        pair.Dispose();
        return default;
    }

    [Fact]
    public async Task AHaltEndsThat()
    {
        var taking = connection.TakenAsync(client, client.FlushAsync()).AsTask();
        Assert.False(taking.IsCompleted);

        connection.CutOff("a drill");

        await Assert.ThrowsAsync<IOException>(() => taking);
        Assert.Equal("a drill", connection.Halt);
    }

    [Fact]
    public async Task SoDoesOneThatCameJustBefore()
    {
        connection.CutOff("a drill");

        await Assert.ThrowsAsync<IOException>(() => connection.TakenAsync(client, client.FlushAsync()).AsTask());
    }

    [Fact]
    public async Task SoDoesTheLimitForAllOfIt()
    {
        connection.EndBy(1_000);
        var taking = connection.TakenAsync(client, client.FlushAsync()).AsTask();
        Assert.False(connection.Sweep(now: 1_000, longestIdle: 800));
        Assert.False(taking.IsCompleted);

        Assert.True(connection.Sweep(now: 1_001, longestIdle: 800));

        await Assert.ThrowsAsync<IOException>(() => taking);
        Assert.True(connection.IsOverdue);
    }

    /// <summary>On its connection it may be another request's by then.</summary>
    [Fact]
    public async Task NoFlushAfterThatIsCancelled()
    {
        var taking = connection.TakenAsync(client, client.FlushAsync()).AsTask();
        client.Take();
        await taking;

        connection.CutOff("a drill");

        Assert.False(client.WasCancelled);
    }

    /// <summary>As the web server does, it says the same of a flush that was cancelled as of any.</summary>
    sealed class Slow : PipeWriter
    {
        readonly TaskCompletionSource<FlushResult> taken = new();

        public bool WasCancelled { get; private set; }

        public void Take() => taken.TrySetResult(default);

        public override void CancelPendingFlush()
        {
            WasCancelled = true;
            Take();
        }

        public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default) =>
            new(taken.Task);

        public override void Advance(int bytes) => throw new NotSupportedException();

        public override void Complete(Exception? exception = null) => throw new NotSupportedException();

        public override Memory<byte> GetMemory(int sizeHint = 0) => throw new NotSupportedException();

        public override Span<byte> GetSpan(int sizeHint = 0) => throw new NotSupportedException();
    }
}

using System.Collections.Concurrent;

namespace Bank;

/// <summary>
/// The ledger's file. One writer at a time in this process and, through SQLite's lock, among all that share the file;
/// readers see the last commit and wait for nobody.
/// </summary>
/// <remarks>
/// With <c>synchronous=NORMAL</c> a commit outlives the process, not a power cut: that may take the last moments with
/// it, whole transfers at a time. A bank with real money sets FULL and pays a disk flush for each commit.
/// </remarks>
sealed class Store : IDisposable
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    readonly string path;
    readonly Session writer;
    readonly SemaphoreSlim turn = new(1, 1);
    readonly ConcurrentBag<Session> idle = [];

    public Store(string path)
    {
        this.path = path;
        writer = new(path, Patience);
    }

    /// <summary>Does the work as one transaction. Cancelling gives up waiting for the turn, never the work.</summary>
    public async Task<T> WriteAsync<T>(Func<Session, T> work, CancellationToken cancellation)
    {
        await turn.WaitAsync(cancellation);
        try
        {
            return writer.Atomically(() => work(writer));
        }
        finally
        {
            turn.Release();
        }
    }

    public T Read<T>(Func<Session, T> work)
    {
        var session = idle.TryTake(out var taken) ? taken : new(path, Patience);
        try
        {
            return work(session);
        }
        finally
        {
            idle.Add(session);
        }
    }

    public void Dispose()
    {
        foreach (var session in idle)
            session.Dispose();
        writer.Dispose();
        turn.Dispose();
    }
}

using System.Collections.Concurrent;
using System.Diagnostics;

namespace Mintmark.Bench;

/// <summary>Writers that each wait until their entry is durable; what waits together is committed together.</summary>
internal static class GroupCommit
{
    private static readonly TimeSpan Warming = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Counting = TimeSpan.FromSeconds(4);

    /// <returns>Entries per second, and the 50th and 99th percentile of what a writer waits, in ms.</returns>
    public static async Task<(double Rate, double P50, double P99)> RunAsync(
        int writers,
        byte[] entry,
        Action<IReadOnlyList<byte[]>> commit
    )
    {
        using var queue = new BlockingCollection<TaskCompletionSource>();
        var committer = new Thread(() => Commit(queue, entry, commit));
        committer.Start();
        var began = Stopwatch.GetTimestamp();
        var writing = Enumerable.Range(0, writers).Select(_ => Task.Run(() => WriteAsync(queue, began)));
        double[] waits = [.. (await Task.WhenAll(writing)).SelectMany(w => w).Order()];
        queue.CompleteAdding();
        committer.Join();
        return (waits.Length / Counting.TotalSeconds, CoreBench.Percentile(waits, 50), CoreBench.Percentile(waits, 99));
    }

    private static async Task<List<double>> WriteAsync(BlockingCollection<TaskCompletionSource> queue, long began)
    {
        var waits = new List<double>();
        while (Stopwatch.GetElapsedTime(began) < Warming + Counting)
        {
            var asked = Stopwatch.GetTimestamp();
            var durable = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            queue.Add(durable);
            await durable.Task;
            if (Stopwatch.GetElapsedTime(began) > Warming)
                waits.Add(Stopwatch.GetElapsedTime(asked).TotalMilliseconds);
        }
        return waits;
    }

    private static void Commit(
        BlockingCollection<TaskCompletionSource> queue,
        byte[] entry,
        Action<IReadOnlyList<byte[]>> commit
    )
    {
        var batch = new List<TaskCompletionSource>();
        foreach (var first in queue.GetConsumingEnumerable())
        {
            batch.Add(first);
            while (queue.TryTake(out var next))
                batch.Add(next);
            commit([.. Enumerable.Repeat(entry, batch.Count)]);
            batch.ForEach(durable => durable.SetResult());
            batch.Clear();
        }
    }
}

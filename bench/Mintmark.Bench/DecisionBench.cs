using System.Diagnostics;
using Mintmark.Journal;
using Mintmark.Log;
using Mintmark.Releases;

namespace Mintmark.Bench;

/// <summary>A hundred callers at once, each waiting until its command is on disk before it gives the next.</summary>
internal static class DecisionBench
{
    private const int Callers = 100;
    private static readonly TimeSpan Warming = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Counting = TimeSpan.FromSeconds(5);

    public static async Task<IReadOnlyList<Figure>> RunAsync()
    {
        var folder = Directory.CreateTempSubdirectory("mintmark-bench-").FullName;
        using var key = LogKey.LoadOrCreate(Path.Combine(folder, "key.pem"));
        double[] latencies;
        using (var storage = SqliteStorage.Open(Path.Combine(folder, "log.db")))
        using (var journal = ReleaseJournal.Open(storage, key, "bench", TimeProvider.System))
        {
            var callers = Enumerable.Range(0, Callers).Select(_ => Task.Run(() => CallAsync(journal)));
            latencies = [.. (await Task.WhenAll(callers)).SelectMany(l => l).Order()];
        }
        Directory.Delete(folder, recursive: true);
        return
        [
            Figure.Reported("durable decisions, 100 callers", latencies.Length / Counting.TotalSeconds, "1/s"),
            Figure.Reported("durable decision, p50", CoreBench.Percentile(latencies, 50), "ms"),
            Figure.AtMost("durable decision, p99", CoreBench.Percentile(latencies, 99), "ms", 10),
        ];
    }

    private static async Task<List<double>> CallAsync(ReleaseJournal journal)
    {
        var began = Stopwatch.GetTimestamp();
        var latencies = new List<double>();
        var command = new Command.Record(new Event.ControlPlaneStarted("bench"));
        while (Stopwatch.GetElapsedTime(began) < Warming + Counting)
        {
            var asked = Stopwatch.GetTimestamp();
            await journal.ExecuteAsync(command, new Actor("mintmark/bench"), CancellationToken.None);
            if (Stopwatch.GetElapsedTime(began) > Warming)
                latencies.Add(Stopwatch.GetElapsedTime(asked).TotalMilliseconds);
        }
        return latencies;
    }
}

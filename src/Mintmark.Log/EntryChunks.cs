namespace Mintmark.Log;

/// <summary>Work on many entries that all processors share, and whose results come in the order of the log.</summary>
public static class EntryChunks
{
    const int EntriesAtOnce = 1_024;

    /// <summary>
    /// Results that wait for their turn are few: many would outlive collections of garbage, which costs more than the
    /// work.
    /// </summary>
    static readonly int ChunksAhead = 2 * Environment.ProcessorCount;

    /// <exception cref="LogCorruptException">As reading or working found it.</exception>
    /// <exception cref="LogStorageException">As reading found it.</exception>
    public static IEnumerable<T> Each<T>(IEnumerable<StoredEntry> entries, Func<StoredEntry[], T> work)
    {
        using var chunks = entries.Chunk(EntriesAtOnce).GetEnumerator();
        var reading = Task.FromResult<StoredEntry[]?>([]);
        var ahead = new Queue<Task<Result<T>?>>(ChunksAhead);
        try
        {
            while (true)
            {
                while (ahead.Count < ChunksAhead)
                {
                    reading = ReadAfterAsync(reading, chunks);
                    ahead.Enqueue(WorkAsync(reading, work));
                }
                if (ahead.Dequeue().GetAwaiter().GetResult() is not { } result)
                    yield break;
                yield return result.Value;
            }
        }
        finally
        {
            // Whoever reads does so until then.
            Task.WhenAll(ahead).ContinueWith(_ => { }, TaskScheduler.Default).Wait();
        }
    }

    /// <returns>Null at the end.</returns>
    static async Task<StoredEntry[]?> ReadAfterAsync(Task<StoredEntry[]?> before, IEnumerator<StoredEntry[]> chunks) =>
        await before is null ? null : await Task.Run(() => chunks.MoveNext() ? chunks.Current : null);

    static async Task<Result<T>?> WorkAsync<T>(Task<StoredEntry[]?> reading, Func<StoredEntry[], T> work) =>
        await reading is { } chunk ? new Result<T>(work(chunk)) : null;

    sealed record Result<T>(T Value);
}

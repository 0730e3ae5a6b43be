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
        var source = new Source(entries);
        var reading = Task.FromResult<StoredEntry[]?>([]);
        var ahead = new Queue<Task<Result<T>?>>(ChunksAhead);
        try
        {
            while (true)
            {
                while (ahead.Count < ChunksAhead)
                {
                    reading = ReadAfterAsync(reading, source);
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
            source.Close();
        }
    }

    /// <returns>Null at the end.</returns>
    static async Task<StoredEntry[]?> ReadAfterAsync(Task<StoredEntry[]?> before, Source source) =>
        await before is null ? null : await Task.Run(source.Next);

    static async Task<Result<T>?> WorkAsync<T>(Task<StoredEntry[]?> reading, Func<StoredEntry[], T> work) =>
        await reading is { } chunk ? new Result<T>(work(chunk)) : null;

    sealed record Result<T>(T Value);

    /// <summary>Read by one after the other, and closed when none reads any more.</summary>
    sealed class Source(IEnumerable<StoredEntry> entries)
    {
        readonly IEnumerator<StoredEntry[]> chunks = entries.Chunk(EntriesAtOnce).GetEnumerator();

        public StoredEntry[]? Next() => chunks.MoveNext() ? chunks.Current : null;

        public void Close() => chunks.Dispose();
    }
}

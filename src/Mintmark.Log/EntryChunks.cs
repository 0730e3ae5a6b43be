using System.Runtime.ExceptionServices;

namespace Mintmark.Log;

/// <summary>Work on many entries that all processors share, and whose results come in the order of the log.</summary>
public static class EntryChunks
{
    const int EntriesAtOnce = 1_024;

    /// <exception cref="LogCorruptException">As reading or working found it.</exception>
    /// <exception cref="LogStorageException">As reading found it.</exception>
    public static IEnumerable<T> Each<T>(IEnumerable<StoredEntry> entries, Func<StoredEntry[], T> work)
    {
        using var chunks = entries.Chunk(EntriesAtOnce).GetEnumerator();
        if (!chunks.MoveNext())
            yield break;
        // A young log is done with before other processors have been asked.
        yield return work(chunks.Current);
        if (!chunks.MoveNext())
            yield break;
        using var result = Rest(chunks)
            .AsParallel()
            .AsOrdered()
            .WithMergeOptions(ParallelMergeOptions.NotBuffered)
            .Select(work)
            .GetEnumerator();
        while (HasNext(result))
            yield return result.Current;
    }

    static IEnumerable<StoredEntry[]> Rest(IEnumerator<StoredEntry[]> chunks)
    {
        do
            yield return chunks.Current;
        while (chunks.MoveNext());
    }

    static bool HasNext<T>(IEnumerator<T> result)
    {
        try
        {
            return result.MoveNext();
        }
        catch (AggregateException several)
        {
            ExceptionDispatchInfo.Throw(several.InnerExceptions[0]);
            throw;
        }
    }
}

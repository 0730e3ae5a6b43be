using System.Runtime.ExceptionServices;
using Mintmark.Log;
using Mintmark.Releases;

namespace Mintmark.Journal;

/// <summary>The fold of stored entries.</summary>
public static class Replay
{
    private const int EntriesAtOnce = 1_024;

    /// <summary>
    /// The state after all of <paramref name="entries"/>, on top of <paramref name="from"/>. Reading JSON is most of
    /// the work and is done by all processors; applying is done by one, in order.
    /// </summary>
    /// <exception cref="LogCorruptException">An entry cannot be read or does not fit what came before it.</exception>
    public static State Fold(State from, IEnumerable<StoredEntry> entries)
    {
        try
        {
            return entries
                .Chunk(EntriesAtOnce)
                .AsParallel()
                .AsOrdered()
                .WithMergeOptions(ParallelMergeOptions.NotBuffered)
                .Select(Decode)
                .AsSequential()
                .Aggregate(from, Apply);
        }
        catch (AggregateException several) when (several.InnerExceptions[0] is LogCorruptException corrupt)
        {
            ExceptionDispatchInfo.Throw(corrupt);
            throw;
        }
    }

    /// <summary>Each entry with the state after it, from an empty state on.</summary>
    /// <exception cref="LogCorruptException">An entry cannot be read or does not fit what came before it.</exception>
    public static IEnumerable<(long Index, Entry Entry, State After)> Each(IEnumerable<StoredEntry> entries)
    {
        var state = State.Empty;
        foreach (var stored in entries)
        {
            var entry = EntryCodec.Decode(stored.Index, stored.Body);
            state = Next(state, stored.Index, entry);
            yield return (stored.Index, entry, state);
        }
    }

    /// <summary>Up to the first entry that cannot be read; what comes before it is folded first.</summary>
    private static Decoded Decode(StoredEntry[] chunk)
    {
        var entries = new List<(long, Entry)>(chunk.Length);
        try
        {
            foreach (var stored in chunk)
                entries.Add((stored.Index, EntryCodec.Decode(stored.Index, stored.Body)));
            return new Decoded(entries, null);
        }
        catch (LogCorruptException wrong)
        {
            return new Decoded(entries, wrong);
        }
    }

    private static State Apply(State state, Decoded chunk)
    {
        foreach (var (index, entry) in chunk.Entries)
            state = Next(state, index, entry);
        if (chunk.Wrong is not null)
            ExceptionDispatchInfo.Throw(chunk.Wrong);
        return state;
    }

    private static State Next(State state, long index, Entry entry)
    {
        try
        {
            return Releases.Fold.Apply(state, entry);
        }
        catch (Exception wrong) when (wrong is InvariantBrokenException or KeyNotFoundException or ArgumentException)
        {
            // Decide lets no such entry through: whoever wrote it was not this program.
            throw new LogCorruptException($"does not follow from the entries before it: {wrong.Message}", index);
        }
    }

    private sealed record Decoded(List<(long Index, Entry Entry)> Entries, LogCorruptException? Wrong);
}

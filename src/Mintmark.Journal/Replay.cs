using System.Runtime.ExceptionServices;
using Mintmark.Log;
using Mintmark.Releases;

namespace Mintmark.Journal;

/// <summary>The fold of stored entries.</summary>
public static class Replay
{
    /// <summary>
    /// The state after all of <paramref name="entries"/>, on top of <paramref name="from"/>. Reading JSON is most of
    /// the work and is done by all processors; applying is done by one, in order.
    /// </summary>
    /// <exception cref="LogCorruptException">An entry cannot be read or does not fit what came before it.</exception>
    public static State Fold(State from, IEnumerable<StoredEntry> entries)
    {
        var folding = new Folding(from);
        foreach (var chunk in EntryChunks.Each(entries, Decode))
            Apply(folding, chunk);
        return folding.State;
    }

    /// <summary>Each entry with the state after it, from an empty state on.</summary>
    /// <exception cref="LogCorruptException">An entry cannot be read or does not fit what came before it.</exception>
    public static IEnumerable<(long Index, Entry Entry, State After)> Each(IEnumerable<StoredEntry> entries)
    {
        var folding = new Folding(State.Empty);
        foreach (var stored in entries)
        {
            var entry = EntryCodec.Decode(stored.Index, stored.Body);
            Add(folding, stored.Index, entry);
            yield return (stored.Index, entry, folding.State);
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

    private static void Apply(Folding folding, Decoded chunk)
    {
        foreach (var (index, entry) in chunk.Entries)
            Add(folding, index, entry);
        if (chunk.Wrong is not null)
            ExceptionDispatchInfo.Throw(chunk.Wrong);
    }

    private static void Add(Folding folding, long index, Entry entry)
    {
        try
        {
            folding.Add(entry);
        }
        catch (Exception wrong) when (wrong is InvariantBrokenException or KeyNotFoundException or ArgumentException)
        {
            // Decide lets no such entry through: whoever wrote it was not this program.
            throw new LogCorruptException($"does not follow from the entries before it: {wrong.Message}", index);
        }
    }

    private sealed record Decoded(List<(long Index, Entry Entry)> Entries, LogCorruptException? Wrong);
}

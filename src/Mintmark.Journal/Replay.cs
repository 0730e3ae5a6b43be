using Mintmark.Log;
using Mintmark.Releases;

namespace Mintmark.Journal;

/// <summary>The fold of stored entries.</summary>
public static class Replay
{
    /// <summary>The state after all of <paramref name="entries"/>, on top of <paramref name="from"/>.</summary>
    /// <exception cref="LogCorruptException">An entry cannot be read or does not fit what came before it.</exception>
    public static State Fold(State from, IEnumerable<StoredEntry> entries)
    {
        var state = from;
        foreach (var stored in entries)
        {
            state = Next(state, stored.Index, EntryCodec.Decode(stored.Index, stored.Body));
        }
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
}

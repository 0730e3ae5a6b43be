using Mintmark.Journal;
using Mintmark.Log;
using Mintmark.Releases;

namespace Mintmark.Cli;

/// <summary>The fold of all entries, with the digest that it had on the way at a size of interest.</summary>
/// <param name="State">Null where the entries cannot be folded.</param>
/// <param name="Finding">Why they cannot.</param>
internal sealed record Folded(State? State, string? DigestAtStop, LogFinding? Finding)
{
    public static Folded Of(IEnumerable<StoredEntry> entries, long? stop)
    {
        var state = State.Empty;
        string? digest = null;
        try
        {
            using var entry = entries.GetEnumerator();
            while (true)
            {
                if (state.Size == stop)
                    digest = EntryCodec.Digest(state);
                if (!entry.MoveNext())
                    return new Folded(state, digest, null);
                state = Replay.Fold(state, [entry.Current]);
            }
        }
        catch (LogCorruptException wrong)
        {
            return new Folded(null, digest, new LogFinding(wrong.What, wrong.Index));
        }
    }
}

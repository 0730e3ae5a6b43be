namespace Mintmark.Releases;

/// <summary>
/// The fold over many entries. It ends where <see cref="Fold.Apply"/>, one by one, does; but counts, which most of a
/// log consists of, go into the state only when it is looked at or something else happens.
/// </summary>
public sealed class Folding(State from)
{
    private State state = from;
    private Counting? counting;
    private int counts;

    public State State
    {
        get
        {
            if (counting is not null)
            {
                var release = counting.Release;
                state = state with
                {
                    Size = state.Size + counts,
                    Releases = state.Releases.SetItem(release.Id, release),
                };
                counting = null;
                counts = 0;
            }
            return state;
        }
    }

    /// <exception cref="InvariantBrokenException">The entry does not follow from those before it.</exception>
    /// <exception cref="KeyNotFoundException">It is about something that is not there.</exception>
    public void Add(Entry entry)
    {
        if (entry.Event is not Event.OutcomesReported e)
        {
            state = Fold.Apply(State, entry);
            return;
        }
        if (counting?.IsOf(e) != true)
            counting = new Counting(State.Releases[e.Release], e.Step, e.Gateway);
        counting.Add(e, entry.At);
        counts++;
    }
}

namespace Mintmark.Releases;

/// <summary>
/// The fold over many entries. It ends where <see cref="Fold.Apply"/>, one by one, does; but counts, which most of a
/// log consists of, go into the state only when it is looked at or something else happens.
/// </summary>
public sealed class Folding(State from)
{
    private readonly Dictionary<ReleaseId, Release> counted = [];
    private State state = from;
    private int counts;

    public State State
    {
        get
        {
            if (counts > 0)
            {
                state = state with { Size = state.Size + counts, Releases = state.Releases.SetItems(counted) };
                counted.Clear();
                counts = 0;
            }
            return state;
        }
    }

    /// <exception cref="InvariantBrokenException">The entry does not follow from those before it.</exception>
    /// <exception cref="KeyNotFoundException">It is about something that is not there.</exception>
    public void Add(Entry entry)
    {
        if (entry.Event is Event.OutcomesReported e)
        {
            var release = counted.GetValueOrDefault(e.Release) ?? state.Releases[e.Release];
            counted[e.Release] = Fold.Counted(release, e, entry.At);
            counts++;
        }
        else
        {
            state = Fold.Apply(State, entry);
        }
    }
}

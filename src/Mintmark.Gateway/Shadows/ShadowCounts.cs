using Mintmark.Releases;

namespace Mintmark.Gateway.Shadows;

/// <summary>How something was answered.</summary>
/// <param name="Status">0 for no answer.</param>
/// <param name="WasGivenUp">By its client, who had waited long.</param>
readonly record struct Answered(int Status, bool Failed, long Microseconds, bool WasGivenUp = false);

/// <summary>What became of the copies of one release's requests. Lives as long as the release has a shadow.</summary>
sealed class ShadowCounts
{
    /// <summary>A candidate that hangs gets no more at once; what comes meanwhile is dropped.</summary>
    private const int MostInFlight = 32;

    private readonly Lock changing = new();
    private ShadowTally tally = ShadowTally.None;
    private int inFlight;

    /// <returns>False where too many are under way; that is counted.</returns>
    public bool TryEnter()
    {
        lock (changing)
        {
            if (inFlight < MostInFlight)
            {
                inFlight++;
                return true;
            }
        }
        Drop();
        return false;
    }

    public void Leave()
    {
        lock (changing)
            inFlight--;
    }

    public void Drop()
    {
        lock (changing)
            tally = tally with { Dropped = tally.Dropped + 1 };
    }

    public void Count(Answered baseline, Answered copy)
    {
        var name = copy.Status == 0 ? "none" : $"{copy.Status / 100}xx";
        lock (changing)
        {
            tally += new ShadowTally(
                1,
                Same: copy.Status == baseline.Status && copy.Failed == baseline.Failed ? 1 : 0,
                FailedAlone: copy.Failed && !baseline.Failed ? 1 : 0,
                AnsweredAlone: baseline.Failed && !copy.Failed ? 1 : 0,
                ByName.Of<long>((name, 1)),
                copy.Microseconds,
                baseline.Microseconds,
                Dropped: 0
            );
        }
    }

    public ShadowTally Sum()
    {
        lock (changing)
            return tally;
    }
}

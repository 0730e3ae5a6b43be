namespace Mintmark.Bench.Soak;

/// <summary>Which answers a client may get while a halt comes, is in force and goes.</summary>
internal sealed class Halting
{
    private readonly Lock changing = new();
    private Moment now;

    /// <param name="Begun">How many halts were asked for.</param>
    /// <param name="Confirmed">The one that every gateway has, and that nobody has begun to lift; else 0.</param>
    /// <param name="Lifted">How many no gateway has any more.</param>
    public readonly record struct Moment(int Begun, int Confirmed, int Lifted);

    public Moment Now
    {
        get
        {
            lock (changing)
                return now;
        }
    }

    /// <summary>As tables are to say from now on.</summary>
    public bool IsWanted { get; private set; }

    public void Begin()
    {
        IsWanted = true;
        Set(now with { Begun = now.Begun + 1 });
    }

    public void Confirm() => Set(now with { Confirmed = now.Begun });

    public void BeginToLift()
    {
        IsWanted = false;
        Set(now with { Confirmed = 0 });
    }

    public void Lift() => Set(now with { Lifted = now.Begun });

    /// <summary>A request of that time may have met one.</summary>
    public bool MayRefuse(Moment began) => began.Begun > began.Lifted || Now.Begun > began.Begun;

    /// <summary>A request of that time must have met one.</summary>
    public bool MustRefuse(Moment began) => began.Confirmed != 0 && Now.Confirmed == began.Confirmed;

    private void Set(Moment next)
    {
        lock (changing)
            now = next;
    }
}

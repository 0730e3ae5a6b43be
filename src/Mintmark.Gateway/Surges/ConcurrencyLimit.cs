using Mintmark.Releases;

namespace Mintmark.Gateway.Surges;

/// <summary>
/// How many requests an instance is given at once. By Little's law an instance that answers X requests a second, each
/// in a time t while none waits, works at X·t at once; more than that wait. So the limit is a little more than X·t.
/// t is what answers took while nobody was refused; while somebody is, nobody knows it, so every few seconds the limit
/// is held below X·t for a moment and t is measured anew (decision 23). A limit that refuses nobody does nothing.
/// </summary>
/// <param name="second">In ticks of the clock that all times here are given in.</param>
sealed class ConcurrencyLimit(long second)
{
    private const double Start = 100;
    private const double Headroom = 1.3;
    private const double WhileMeasuring = 0.5;

    /// <summary>Answers that take so many times as long as usual, beyond chance, have waited.</summary>
    private const double Waited = 1.25;

    private const double Learning = 0.1;
    private const double Growth = 0.05;
    private const int MeasureEach = 5;

    /// <summary>So many times what answers took, and half a second: if none comes, what is inside hangs.</summary>
    private const int Unhurried = 4;

    /// <summary>Of that time, for all of a measurement.</summary>
    private const int AtMost = 8;

    /// <summary>
    /// A new measure that is so much of the old one shows that the old one was of a queue, and so may this.
    /// </summary>
    private const double Unsettled = 0.8;

    private readonly Lock changing = new();
    private Window window;
    private double limit = Start;
    private double usual;
    private double capacity;
    private bool isExploring = true;
    private Phase phase = Phase.Open;
    private long measured = long.MinValue;
    private long measuringSince;
    private long drainingSince;
    private long lastLeft;
    private double patience;
    private double open;
    private int inside;

    private enum Phase
    {
        Open,

        /// <summary>Until no more are inside than shall be while measuring.</summary>
        Draining,
        Measuring,
    }

    public int Limit
    {
        get
        {
            lock (changing)
                return (int)limit;
        }
    }

    /// <summary>Counts one in, if there is room for its priority.</summary>
    public bool TryEnter(long now, Priority priority)
    {
        lock (changing)
        {
            GiveUp(now);
            window.Pass(now, inside);
            if (inside >= Room(now, priority))
            {
                window.Pressed = true;
                return false;
            }
            inside++;
            return true;
        }
    }

    /// <summary>
    /// Counts one in that had come in and left again, room or not: the instance has it already. It keeps others out.
    /// </summary>
    /// <returns>
    /// Whether its time from here on will tell something: while measuring it does not where it is one too many.
    /// </returns>
    public bool Return(long now)
    {
        lock (changing)
        {
            GiveUp(now);
            window.Pass(now, inside);
            inside++;
            if (inside <= limit)
                return true;
            // As if it had been refused: the limit was reached, so what answers take may not be what is usual.
            window.Pressed = true;
            return phase != Phase.Measuring;
        }
    }

    /// <param name="answered">Its time tells how long this instance takes: not so for errors, nor where it was the
    /// client that was waited for.</param>
    public void Leave(long now, long entered, bool answered)
    {
        lock (changing)
        {
            GiveUp(now);
            window.Pass(now, inside);
            (inside, lastLeft) = (inside - 1, now);
            if (phase == Phase.Draining && inside <= limit)
            {
                (phase, measuringSince) = (Phase.Measuring, now);
                window = Window.From(now);
            }
            if (answered && (phase != Phase.Measuring || entered >= measuringSince))
                window.Add(now - entered);
            if (phase != Phase.Draining && window.IsFull(now, second))
                Turn(now);
        }
    }

    /// <summary>
    /// What matters most is not held up by a measurement, unless there is so much of it that none is had.
    /// </summary>
    private double Room(long now, Priority priority)
    {
        var isExempt = phase != Phase.Open && priority == Priority.High && now - drainingSince < second / 4;
        return Math.Max(1, Math.Floor(isExempt ? open : limit) * priority.Part());
    }

    /// <summary>
    /// One that hangs while it is measured may be all that there is room for: it must not keep the others out, nor must
    /// those whose bodies have come at last, one after the other. What was known before holds on.
    /// </summary>
    private void GiveUp(long now)
    {
        if (phase == Phase.Open || (now - lastLeft <= patience && now - drainingSince <= AtMost * patience))
            return;
        (phase, measured, window) = (Phase.Open, now, Window.From(now));
        limit = Math.Clamp(Headroom * capacity * usual, 1, open);
    }

    private void Turn(long now)
    {
        var seen = window;
        window = Window.From(now);
        if (phase == Phase.Measuring)
        {
            // What was answered in a second did not depend on who waited for it.
            measured = seen.Mean < Unsettled * usual ? long.MinValue : now;
            (usual, phase) = (seen.Mean, Phase.Open);
            limit = Math.Max(1, Headroom * capacity * usual);
        }
        else if (usual == 0)
        {
            usual = seen.Mean;
        }
        else if (!seen.Pressed)
        {
            usual += Learning * (seen.Mean - usual);
        }
        else if (!seen.IsAbove(Waited * usual))
        {
            usual = Math.Min(usual, usual + Learning * (seen.Mean - usual));
            limit += isExploring ? limit : Math.Max(1, Growth * limit);
        }
        else
        {
            Tighten(seen, now);
        }
    }

    private void Tighten(Window seen, long now)
    {
        isExploring = false;
        capacity = seen.Concurrency / seen.Mean;
        var working = capacity * usual;
        if (measured == long.MinValue || now - measured >= MeasureEach * second)
        {
            (phase, drainingSince, open) = (Phase.Draining, now, limit);
            (lastLeft, patience) = (now, second / 2 + Unhurried * seen.Mean);
            limit = Math.Max(1, WhileMeasuring * working);
        }
        else
        {
            limit = Math.Clamp(Headroom * working, 1, limit);
        }
    }
}

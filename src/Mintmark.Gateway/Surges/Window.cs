namespace Mintmark.Gateway.Surges;

/// <summary>What an instance did in some tenths of a second.</summary>
struct Window
{
    private const int Enough = 30;

    /// <summary>Standard errors: what is further off is chance once in 700 windows.</summary>
    private const double Doubt = 3;

    private long begun;
    private long last;
    private double area;
    private int count;
    private double sum;
    private double squares;

    /// <summary>Somebody was refused.</summary>
    public bool Pressed { get; set; }

    /// <summary>Of what was answered, in ticks.</summary>
    public readonly double Mean => sum / count;

    /// <summary>How many were inside, on average over time.</summary>
    public readonly double Concurrency => last == begun ? 0 : area / (last - begun);

    public static Window From(long now) => new() { begun = now, last = now };

    /// <summary>Time has gone by with so many inside.</summary>
    public void Pass(long now, int inside)
    {
        if (begun == 0)
            this = From(now);
        // Threads read the clock before they come here, so one may be overtaken.
        area += (double)inside * Math.Max(0, now - last);
        last = Math.Max(last, now);
    }

    public void Add(long took)
    {
        count++;
        sum += took;
        squares += (double)took * took;
    }

    /// <summary>
    /// A tenth of a second at least, and answers enough to tell something by, or what two seconds gave.
    /// </summary>
    public readonly bool IsFull(long now, long second) =>
        now - begun >= second / 10 && (count >= Enough || (count >= 2 && now - begun >= 2 * second));

    /// <summary>Whether the mean is above a bound, beyond chance.</summary>
    public readonly bool IsAbove(double bound)
    {
        var variance = Math.Max(0, squares / count - Mean * Mean);
        return Mean - Doubt * Math.Sqrt(variance / count) > bound;
    }
}

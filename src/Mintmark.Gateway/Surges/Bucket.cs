using Mintmark.Releases;

namespace Mintmark.Gateway.Surges;

/// <summary>
/// A token bucket as one number: the time at which it is full again (the generic cell rate algorithm of ATM, ITU-T
/// I.371). A request moves it on by what one costs, and may not if that is too far from now.
/// </summary>
/// <param name="Cost">Ticks that pass until there is one more.</param>
/// <param name="Size">Of the bucket: how many may come at once.</param>
readonly record struct Bucket(double Cost, int Size)
{
    public static Bucket Of(Rate rate, long second) =>
        new((double)rate.Seconds * second / rate.Requests, rate.Requests);

    /// <summary>Of so many clients together.</summary>
    public Bucket Times(int clients) => new(Cost / clients, Size * clients);

    /// <param name="fullAt">Before now where it is full.</param>
    /// <param name="part">Of the bucket that may be used: who matters less leaves the rest to others.</param>
    /// <returns>0 where there is one, and it is taken; else the ticks until there will be.</returns>
    public long Take(ref long fullAt, long now, double part)
    {
        var from = Math.Max(fullAt, now);
        var wait = from - now - (Math.Max(1, Math.Floor(Size * part)) - 1) * Cost;
        if (wait > 0)
            return Math.Max(1, (long)wait);
        fullAt = from + (long)Cost;
        return 0;
    }
}

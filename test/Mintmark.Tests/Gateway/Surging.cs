using Mintmark.Gateway.Surges;
using Mintmark.Releases;
using Xunit;

namespace Mintmark.Tests.Gateway;

/// <param name="Goodput">Answers for each second.</param>
/// <param name="P99">Of those admitted, in seconds.</param>
readonly record struct Surged(double Goodput, double P99, long Refused, long RefusedHigh);

/// <summary>
/// An instance with so many workers and a queue before them, behind a limit, in virtual time; all of it follows from a
/// seed.
/// </summary>
/// <param name="service">A time of service in seconds, by what is drawn from 0 to 1 and how many are inside.</param>
sealed class Surging(int workers, Func<double, int, double> service, int seed)
{
    const long Second = 1_000_000_000;

    readonly Random random = new(seed);
    readonly ConcurrencyLimit limit = new(Second);
    readonly PriorityQueue<long, long> leaving = new();
    readonly PriorityQueue<long, long> freeAt = new(Enumerable.Repeat((0L, 0L), workers));
    double now;

    public int Limit => limit.Limit;

    /// <summary>At a rate of so many a second for so many seconds, arriving at random.</summary>
    public Surged Run(double rate, double seconds, Func<double, Priority>? priority = null)
    {
        var until = now + seconds;
        var (refused, high) = (0L, 0L);
        var times = new List<double>();
        while ((now += -Math.Log(1 - random.NextDouble()) / rate) < until)
        {
            Leave((long)(now * Second));
            var its = priority?.Invoke(random.NextDouble()) ?? Priority.Normal;
            if (limit.TryEnter((long)(now * Second), its))
            {
                times.Add(Enter((long)(now * Second)));
                continue;
            }
            refused++;
            high += its == Priority.High ? 1 : 0;
        }
        times.Sort();
        var p99 = times.Count == 0 ? 0 : times[(int)(times.Count * 0.99)];
        return new Surged(times.Count / seconds, p99, refused, high);
    }

    /// <summary>One comes in and keeps its worker for good.</summary>
    public void Hang()
    {
        Assert.True(limit.TryEnter((long)(now * Second), Priority.Normal));
        freeAt.Dequeue();
        freeAt.Enqueue(long.MaxValue, long.MaxValue);
    }

    double Enter(long at)
    {
        var took = service(random.NextDouble(), leaving.Count + 1);
        var ends = Math.Max(freeAt.Dequeue(), at) + (long)(took * Second);
        freeAt.Enqueue(ends, ends);
        leaving.Enqueue(at, ends);
        return (double)(ends - at) / Second;
    }

    void Leave(long at)
    {
        while (leaving.TryPeek(out var entered, out var left) && left <= at)
        {
            leaving.Dequeue();
            limit.Leave(left, entered, answered: true);
        }
    }
}

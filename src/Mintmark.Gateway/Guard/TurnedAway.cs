using System.Net;
using Mintmark.Gateway.Wire;
using Mintmark.Route;

namespace Mintmark.Gateway.Guard;

/// <summary>Counts who was turned away and why, since the gateway's start; in memory alone.</summary>
sealed class TurnedAway(TimeProvider time)
{
    private const int MostShown = 20;

    private readonly DateTimeOffset since = time.GetUtcNow();
    private readonly long[] counts = new long[ReasonWords.All.Count];
    private readonly Offenders offenders = new();

    public void Add(IPAddress? from, Reason why)
    {
        Interlocked.Increment(ref counts[(int)why]);
        if (from is not null)
            offenders.Add(Origin.Of(from), why, time.GetUtcNow().ToUnixTimeMilliseconds());
    }

    public long Count(Reason why) => Volatile.Read(ref counts[(int)why]);

    public TurnedAwayReport Report() =>
        new(
            since,
            ReasonWords.All.Where(why => Count(why) > 0).ToDictionary(why => why.Word(), Count),
            [
                .. offenders
                    .Most(MostShown)
                    .Select(place => new OffenderReport(
                        place.Origin.ToString(),
                        place.Count,
                        place.TooHigh,
                        DateTimeOffset.FromUnixTimeMilliseconds(place.Last),
                        place.Why.Word()
                    )),
            ]
        );
}

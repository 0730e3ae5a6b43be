using System.Diagnostics;

namespace Mintmark.Gate;

/// <summary>A time in which nothing goes forward, by the clocks of a place.</summary>
/// <param name="Days">On which it begins.</param>
/// <param name="To">When it ends; at <paramref name="From"/> or earlier, it ends on the day after.</param>
/// <param name="Zone">Of the IANA database.</param>
public sealed record FreezeWindow(string Name, IReadOnlyList<FreezeDay> Days, TimeOnly From, TimeOnly To, string Zone)
{
    private const int MinutesOfADay = 24 * 60;

    /// <summary>Whether it is in force. Of an hour that a change of clocks gives twice, both count.</summary>
    public bool Holds(DateTimeOffset at)
    {
        var local = TimeZoneInfo.ConvertTime(at, Place()).DateTime;
        var (day, time) = (DateOnly.FromDateTime(local), TimeOnly.FromDateTime(local));
        if (To > From)
            return On(day) && time >= From && time < To;
        return (On(day) && time >= From) || (On(day.AddDays(-1)) && time < To);
    }

    /// <summary>When it begins next, and within that time; null where it does not, or is in force.</summary>
    public DateTimeOffset? Next(DateTimeOffset now, TimeSpan within)
    {
        if (Holds(now))
            return null;
        var place = Place();
        var today = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(now, place).DateTime);
        for (var ahead = 0; ahead <= within.TotalDays + 1; ahead++)
        {
            if (!On(today.AddDays(ahead)))
                continue;
            var begins = Begins(today.AddDays(ahead), place);
            if (begins > now && begins <= now + within)
                return begins;
        }
        return null;
    }

    /// <summary>Such as <c>month-end (last 00:00 to 24:00 Europe/Berlin)</c>.</summary>
    public override string ToString()
    {
        var to = To == TimeOnly.MinValue ? "24:00" : $"{To:HH:mm}";
        return $"{Name} ({string.Join(", ", Days)} {From:HH:mm} to {to} {Zone})";
    }

    /// <summary>A time that a change of clocks leaves out is the first one after it.</summary>
    private DateTimeOffset Begins(DateOnly day, TimeZoneInfo place)
    {
        var local = day.ToDateTime(From);
        for (var minutes = 0; place.IsInvalidTime(local) && minutes < MinutesOfADay; minutes++)
            local = local.AddMinutes(1);
        var offset = place.IsAmbiguousTime(local)
            ? place.GetAmbiguousTimeOffsets(local).Max()
            : place.GetUtcOffset(local);
        return new DateTimeOffset(local, offset).ToUniversalTime();
    }

    private bool On(DateOnly day) => Days.Any(d => d.Is(day));

    private TimeZoneInfo Place() => TimeZoneInfo.FindSystemTimeZoneById(Zone);
}

/// <summary>A day, or each one of a kind.</summary>
public abstract record FreezeDay
{
    private FreezeDay() { }

    public sealed record Weekday(DayOfWeek Of) : FreezeDay
    {
        public override string ToString() => Of.ToString()[..3].ToLowerInvariant();
    }

    /// <param name="Of">From 1; null for the last one.</param>
    public sealed record OfMonth(int? Of) : FreezeDay
    {
        public override string ToString() => Of is { } of ? $"{of}" : "last";
    }

    public sealed record OfYear(int Month, int Of) : FreezeDay
    {
        public override string ToString() => $"{Month:00}-{Of:00}";
    }

    public sealed record Date(DateOnly Of) : FreezeDay
    {
        public override string ToString() => $"{Of:yyyy-MM-dd}";
    }

    public bool Is(DateOnly day) =>
        this switch
        {
            Weekday w => day.DayOfWeek == w.Of,
            OfMonth { Of: { } of } => day.Day == of,
            OfMonth => day.AddDays(1).Day == 1,
            OfYear y => (day.Month, day.Day) == (y.Month, y.Of),
            Date d => day == d.Of,
            _ => throw new UnreachableException(GetType().Name),
        };
}

using System.Globalization;
using Mintmark.Yaml;

namespace Mintmark.Gate;

/// <summary>Reads <c>freezes</c> of a profile or overlay.</summary>
internal static class FreezeReader
{
    private const int MostWindows = 100;
    private const int MostDays = 100;

    private static readonly string[] Weekdays = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

    private static readonly IReadOnlyDictionary<string, IReadOnlyList<string>> Keys = new Dictionary<
        string,
        IReadOnlyList<string>
    >
    {
        ["freeze"] = ["name", "days", "from", "to", "zone"],
    };

    private static readonly Field<FreezeDay> Day = new(
        "mon to sun, a day of the month (1 to 31, or last), a day of the year (12-24), or a date (2026-12-24)",
        (YamlNode.Scalar s, out FreezeDay value) => TryDay(s.Text, out value)
    );

    public static List<FreezeWindow> Read(Section root, ProblemList problems)
    {
        var accepted = $"a list of at most {MostWindows}, each with name, days and zone";
        var items = root.Items("freezes", accepted) ?? [];
        if (items.Count > MostWindows)
            problems.Add(items[MostWindows].Node, "freezes", $"found {items.Count}; accepted: {accepted}");
        var windows = new List<FreezeWindow>();
        foreach (var (node, path) in items)
        {
            if (YamlFile.Item(node, path, "freeze", problems, Keys) is { } item)
                windows.Add(Window(item, node, path, problems));
        }
        return windows;
    }

    private static FreezeWindow Window(Section item, YamlNode node, string path, ProblemList problems)
    {
        var days = Days(item, problems);
        if (days.Count == 0)
            problems.Add(node, $"{path}.days", $"none; accepted: a list of {Day.Accepted}");
        var from = item.Optional("from", GateFields.Time, TimeOnly.MinValue);
        var to = item.Optional("to", GateFields.Time, TimeOnly.MinValue);
        return new(item.Required("name", GateFields.Id), days, from, to, item.Required("zone", GateFields.Zone));
    }

    private static List<FreezeDay> Days(Section item, ProblemList problems)
    {
        var accepted = $"a list of at most {MostDays} days, such as [mon, 31, last, 12-24]";
        var items = item.Items("days", accepted) ?? [];
        if (items.Count > MostDays)
            problems.Add(items[MostDays].Node, item.Path("days"), $"found {items.Count}; accepted: {accepted}");
        return [.. items.Select(d => problems.Read(d.Node, d.Path, Day)).OfType<FreezeDay>()];
    }

    private static bool TryDay(string text, out FreezeDay day)
    {
        day = null!;
        var weekday = Array.IndexOf(Weekdays, text);
        if (weekday >= 0)
            day = new FreezeDay.Weekday((DayOfWeek)((weekday + 1) % 7));
        else if (text == "last")
            day = new FreezeDay.OfMonth(null);
        else if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var ofMonth))
            day = ofMonth is >= 1 and <= 31 ? new FreezeDay.OfMonth(ofMonth) : null!;
        else if (DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, default, out var date))
            day = new FreezeDay.Date(date);
        // In a leap year, so that 02-29 is a day too.
        else if (
            DateOnly.TryParseExact($"2024-{text}", "yyyy-MM-dd", CultureInfo.InvariantCulture, default, out var of)
        )
            day = new FreezeDay.OfYear(of.Month, of.Day);
        return day is not null;
    }
}

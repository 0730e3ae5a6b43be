using Mintmark.Route;
using Mintmark.Server;

namespace Mintmark.Cli;

/// <summary>A gateway, the routes that it goes by, and whom it turns away.</summary>
internal static class GatewayLines
{
    private const int MostClients = 3;
    private static readonly TimeSpan Lately = TimeSpan.FromMinutes(15);

    public static void Add(Page page, GatewayStatus gateway, long size, DateTimeOffset now)
    {
        page.Field(
            "gateway",
            $"{gateway.Address}, ",
            gateway.Connected ? new Ink("connected", Tone.Good) : new Ink("NOT CONNECTED", Tone.Bad),
            gateway.Leaving == true ? ": replaced; it answers what it has, and ends"
                : !gateway.Connected ? $": it serves on as it last knew{Known(gateway, now)}"
                : gateway.Revision >= size ? ""
                : $", routes as of entry {gateway.Revision} of {size}"
        );
        if (gateway is { Table: { } table, Connections: { } connections })
        {
            page.Field(
                "",
                table.Since is { } since ? $"routes put {Words.Ago(since, now)}" : "no routes yet",
                table.FromDisk ? " and kept on disk" : "",
                $"; {connections.Open:#,0} of at most {Words.Count(connections.Most, "connection")}"
            );
        }
        if (gateway.TurnedAway is { Reasons.Count: > 0 } turned)
            AddTurnedAway(page, turned, now);
    }

    /// <summary>What a gateway says of itself where there is no control plane.</summary>
    /// <param name="name">Of its folder.</param>
    public static string Alone(string name, ConditionReport condition, DateTimeOffset now)
    {
        var (table, open) = (condition.Table, condition.Connections.Open);
        var which = NameOf(name);
        var heard = table.Heard is { } at ? Words.Ago(at, now) : "before its start";
        return table.Since is { } since
            ? $"{which} serves on by the routes of entry {table.Revision}, put {Words.Ago(since, now)}"
                + $"{(table.FromDisk ? " and kept on disk" : "")}; it last heard of a control plane {heard}; "
                + Words.Count(open, "connection")
            : $"{which} runs and has no routes";
    }

    /// <param name="folder">Its name: that of the first gateway is as it always was, others have their port's.</param>
    public static string NameOf(string folder) => folder == "gateway" ? folder : $"gateway {folder}";

    private static void AddTurnedAway(Page page, TurnedAwayReport turned, DateTimeOffset now)
    {
        var reasons = turned
            .Reasons.OrderByDescending(reason => reason.Value)
            .Select(reason => $"{reason.Key.Replace('-', ' ')} {reason.Value:#,0}");
        page.Field("turned away", $"since {Words.Time(turned.Since)}: {string.Join(", ", reasons)}");
        foreach (var client in turned.Clients.Where(c => now - c.Last <= Lately).Take(MostClients))
        {
            var atMost = client.TooHigh > 0 ? "up to " : "";
            page.Field(
                "",
                $"{client.From} {atMost}{Words.Count(client.Count, "time")}, last {Words.Ago(client.Last, now)} "
                    + $"({client.Why.Replace('-', ' ')})"
            );
        }
    }

    private static string Known(GatewayStatus gateway, DateTimeOffset now) =>
        gateway.HeardAt is { } at ? $", the routes of entry {gateway.Revision}; last heard {Words.Ago(at, now)}" : "";
}

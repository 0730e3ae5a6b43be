using Mintmark.Route;

namespace Mintmark.Cli;

/// <summary>Who still calls a version.</summary>
internal static class ClientLines
{
    public static void AddTo(Page page, IReadOnlyList<ClientsReport> clients, DateTimeOffset now)
    {
        if (clients.Count == 0)
            return;
        page.Line().Line(new Ink("clients", Tone.Strong));
        foreach (var version in clients)
            page.Line("  ", Of(version, now));
    }

    public static string Of(ClientsReport version, DateTimeOffset now)
    {
        var count = (version.IsLowerBound ? "at least " : "") + Words.Count(version.Clients, "client", "clients");
        var use = version.LastUse is { } last ? $"last used {Words.Ago(last, now)}" : "not used yet";
        return $"{version.Mark}: {count} since {Words.Time(version.Since)}, "
            + $"{version.Lately:#,0} in the last 15 minutes; {use}"
            + (version.Gateways is { } several ? $"; at {several} gateways, each of which counts its own" : "");
    }
}

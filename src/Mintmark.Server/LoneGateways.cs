using System.Text.Json;
using Mintmark.Route;

namespace Mintmark.Server;

/// <summary>Gateways of a home, asked where there is no control plane: they serve on without one.</summary>
public static class LoneGateways
{
    /// <returns>Those that answer, each with the name of its folder; none where they are another user's.</returns>
    public static async Task<IReadOnlyList<(string Name, ConditionReport Condition)>> AskAsync(
        Home home,
        CancellationToken ct
    )
    {
        var found = new List<(string, ConditionReport)>();
        foreach (var (name, socket) in Sockets(home))
        {
            try
            {
                using var client = new GatewayClient(socket);
                found.Add((name, await client.ConditionAsync(ct)));
            }
            catch (Exception silent)
                when (silent is HttpRequestException or JsonException
                    || (silent is TaskCanceledException && !ct.IsCancellationRequested)
                )
            {
                // What does not answer is none.
            }
        }
        return found;
    }

    /// <summary>Those that run, whether they answer or not.</summary>
    public static IReadOnlyList<string> Running(Home home) =>
        [.. Sockets(home).Where(gateway => GatewayClient.Listens(gateway.Socket)).Select(gateway => gateway.Name)];

    private static IEnumerable<(string Name, string Socket)> Sockets(Home home)
    {
        var further = Directory.Exists(home.Gateways) ? Directory.GetDirectories(home.Gateways) : [];
        return further
            .Order(StringComparer.Ordinal)
            .Prepend(home.Gateway)
            .Select(folder => (Path.GetFileName(folder), Path.Combine(folder, "control.sock")))
            .Where(gateway => File.Exists(gateway.Item2));
    }
}

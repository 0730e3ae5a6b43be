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
        var further = Directory.Exists(home.Gateways) ? Directory.GetDirectories(home.Gateways) : [];
        var found = new List<(string, ConditionReport)>();
        foreach (var folder in further.Order(StringComparer.Ordinal).Prepend(home.Gateway))
        {
            var socket = Path.Combine(folder, "control.sock");
            if (!File.Exists(socket))
                continue;
            try
            {
                using var client = new GatewayClient(socket);
                found.Add((Path.GetFileName(folder), await client.ConditionAsync(ct)));
            }
            catch (Exception silent) when (silent is HttpRequestException or JsonException or TimeoutException)
            {
                // What does not answer is none.
            }
        }
        return found;
    }
}

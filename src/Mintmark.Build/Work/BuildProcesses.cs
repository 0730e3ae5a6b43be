using System.Globalization;
using System.Text;

namespace Mintmark.Build;

/// <summary>
/// Finds the processes of a build by a variable that all of them inherit, whatever session they moved to and whether
/// or not the control plane that started them is the one that asks.
/// </summary>
internal static class BuildProcesses
{
    private const int MostRounds = 200;
    private static readonly TimeSpan BetweenRounds = TimeSpan.FromMilliseconds(10);

    /// <summary>Kills until none is left: those that are found may still be starting others.</summary>
    /// <param name="marker">Value of the variable; one that ends with '#' means all builds below that home.</param>
    public static async Task KillAsync(string marker)
    {
        for (var round = 0; round < MostRounds; round++)
        {
            var found = Find(marker).ToList();
            if (found.Count == 0)
                return;
            foreach (var process in found)
                Libc.KillProcess(process);
            await Task.Delay(BetweenRounds);
        }
        throw new IOException($"processes of {marker} do not end: {string.Join(", ", Find(marker))}");
    }

    public static IEnumerable<int> Find(string marker)
    {
        var wanted = Encoding.UTF8.GetBytes($"{BuildEnvironment.Marker}={marker}");
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (!int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out var id))
                continue;
            if (id != Environment.ProcessId && Has(Path.Combine(folder, "environ"), wanted))
                yield return id;
        }
    }

    private static bool Has(string environ, byte[] wanted)
    {
        try
        {
            var variables = File.ReadAllBytes(environ).AsSpan();
            foreach (var range in variables.Split((byte)0))
            {
                var variable = variables[range];
                if (wanted[^1] == '#' ? variable.StartsWith(wanted) : variable.SequenceEqual(wanted))
                    return true;
            }
            return false;
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            // It ended while we looked, or is another user's and so none of ours.
            return false;
        }
    }
}

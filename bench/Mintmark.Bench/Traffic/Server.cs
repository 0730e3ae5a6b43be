using System.Globalization;

namespace Mintmark.Bench.Traffic;

/// <summary>A server process, with its workers, and what it costs the machine.</summary>
internal sealed record Server(string Name, int Port, int Pid, bool IsSecure = false)
{
    /// <summary>Of `/proc/PID/stat`: USER_HZ is 100 on Linux.</summary>
    private const double TicksPerSecond = 100;

    /// <summary>Processor time so far in seconds, of all its processes.</summary>
    public double ProcessorSeconds() => Pids().Sum(Ticks) / TicksPerSecond;

    public double ResidentMegabytes() =>
        Pids().Sum(pid => long.Parse(Status(pid, "VmRSS:"), CultureInfo.InvariantCulture)) / 1024.0;

    private IEnumerable<int> Pids() =>
        File.ReadAllText($"/proc/{Pid}/task/{Pid}/children")
            .Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .Select(child => int.Parse(child, CultureInfo.InvariantCulture))
            .Prepend(Pid);

    private static double Ticks(int pid)
    {
        var fields = File.ReadAllText($"/proc/{pid}/stat").Split(')')[^1].Split(' ');
        return double.Parse(fields[12], CultureInfo.InvariantCulture)
            + double.Parse(fields[13], CultureInfo.InvariantCulture);
    }

    private static string Status(int pid, string field) =>
        File.ReadLines($"/proc/{pid}/status")
            .First(line => line.StartsWith(field, StringComparison.Ordinal))
            .Split(' ', StringSplitOptions.RemoveEmptyEntries)[1];
}

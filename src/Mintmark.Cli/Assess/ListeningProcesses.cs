using System.Globalization;

namespace Mintmark.Cli;

/// <summary>A process of this machine that takes connections.</summary>
/// <param name="Name">Of the program; its arguments may hold secrets, and are not read.</param>
internal sealed record ListeningProcess(int Pid, string Name, int Port)
{
    public override string ToString() => $"{Name} (pid {Pid}) listens on port {Port}";
}

/// <summary>Reads /proc, as far as it may, for processes that run from a folder.</summary>
internal static class ListeningProcesses
{
    private const string Listening = "0A";

    public static List<ListeningProcess> Of(string folder)
    {
        var sockets = Sockets();
        return sockets.Count == 0
            ? []
            :
            [
                .. from process in Directory.EnumerateDirectories("/proc")
                let name = Path.GetFileName(process)
                where int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out _)
                where RunsFrom(process, folder)
                from port in PortsOf(process, sockets)
                let pid = int.Parse(name, CultureInfo.InvariantCulture)
                orderby port
                select new ListeningProcess(pid, NameOf(process), port),
            ];
    }

    /// <summary>Ports by the inode of the socket that listens there.</summary>
    private static Dictionary<string, int> Sockets()
    {
        var ports = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var table in (string[])["/proc/net/tcp", "/proc/net/tcp6"])
        {
            if (!File.Exists(table))
                continue;
            foreach (var line in File.ReadLines(table).Skip(1))
            {
                var cells = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
                if (cells is [_, var local, _, Listening, _, _, _, _, _, var inode, ..])
                    ports[$"socket:[{inode}]"] = Convert.ToInt32(local[(local.LastIndexOf(':') + 1)..], 16);
            }
        }
        return ports;
    }

    private static bool RunsFrom(string process, string folder) =>
        IsIn(Link($"{process}/cwd"), folder) || IsIn(Link($"{process}/exe"), folder);

    private static bool IsIn(string? path, string folder) =>
        path is not null && (path == folder || path.StartsWith(folder.TrimEnd('/') + "/", StringComparison.Ordinal));

    private static IEnumerable<int> PortsOf(string process, Dictionary<string, int> sockets)
    {
        string[] open;
        try
        {
            open = Directory.GetFileSystemEntries($"{process}/fd");
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return [];
        }
        return open.Select(Link).OfType<string>().Where(sockets.ContainsKey).Select(s => sockets[s]).Distinct();
    }

    private static string NameOf(string process)
    {
        try
        {
            return File.ReadAllText($"{process}/comm").Trim();
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return "a process";
        }
    }

    private static string? Link(string path)
    {
        try
        {
            return new FileInfo(path).LinkTarget;
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}

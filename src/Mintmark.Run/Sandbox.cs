using System.ComponentModel;
using System.Diagnostics;

namespace Mintmark.Run;

/// <summary>
/// An instance's own view of the system, by bubblewrap: system folders and its artifact to read, its work and data
/// folders to write, and nothing else of the file system; its own processes and no others. The network is shared.
/// The process namespace also means that killing the first process kills everything that ever came of it.
/// </summary>
internal sealed class Sandbox
{
    private const string SmallTmpfs = "67108864";

    private static readonly string[] SystemFolders =
    [
        "/usr",
        "/bin",
        "/sbin",
        "/lib",
        "/lib32",
        "/lib64",
        "/libx32",
        "/opt",
    ];

    private static readonly string[] SystemSettings =
    [
        "/etc/ssl",
        "/etc/pki",
        "/etc/ca-certificates",
        "/etc/crypto-policies",
        "/etc/alternatives",
        "/etc/ld.so.cache",
        "/etc/ld.so.conf",
        "/etc/ld.so.conf.d",
        "/etc/localtime",
        "/etc/timezone",
        "/etc/nsswitch.conf",
        "/etc/resolv.conf",
        "/etc/hosts",
        "/etc/host.conf",
        "/etc/gai.conf",
        "/etc/services",
        "/etc/protocols",
        "/etc/passwd",
        "/etc/group",
        "/etc/mime.types",
        "/etc/dotnet",
    ];

    private Sandbox(bool works, string? warning)
    {
        Works = works;
        Warning = warning;
    }

    public bool Works { get; }

    /// <summary>Says so where instances see more than is theirs.</summary>
    public string? Warning { get; }

    /// <summary>Whether bubblewrap is there is not enough: some kernels and containers forbid what it needs.</summary>
    public static Sandbox Find(RunOptions options)
    {
        if (!options.Sandboxed)
            return new Sandbox(false, "instances see this machine's file system: the sandbox is switched off");
        try
        {
            using var trial = Process.Start(Trial(options))!;
            var said = trial.StandardError.ReadToEnd();
            trial.WaitForExit();
            return trial.ExitCode == 0
                ? new Sandbox(true, null)
                : new Sandbox(false, $"instances see this machine's file system: bubblewrap fails here: {said.Trim()}");
        }
        catch (Win32Exception)
        {
            return new Sandbox(
                false,
                "instances see this machine's file system: for a view of their own, install bubblewrap "
                    + "(apt-get install bubblewrap)"
            );
        }
    }

    public static IEnumerable<string> Arguments(
        IEnumerable<string> readOnly,
        IEnumerable<string> writable,
        string start
    )
    {
        List<string> arguments = ["--unshare-pid", "--unshare-ipc", "--proc", "/proc", "--dev", "/dev"];
        foreach (var folder in (string[])["/dev/shm", "/tmp"])
            arguments.AddRange(["--perms", "1777", "--size", SmallTmpfs, "--tmpfs", folder]);
        foreach (var folder in SystemFolders)
        {
            var link = new FileInfo(folder).LinkTarget;
            arguments.AddRange(link is null ? ["--ro-bind-try", folder, folder] : ["--symlink", link, folder]);
        }
        List<string> read = [.. SystemSettings, .. readOnly];
        List<string> write = [.. writable];
        // Left to itself bubblewrap makes the folders above a mount so that only root may pass them.
        foreach (var above in read.Concat(write).SelectMany(Above).Distinct().Order(StringComparer.Ordinal))
            arguments.AddRange(["--perms", "0755", "--dir", above]);
        foreach (var path in read)
            arguments.AddRange(["--ro-bind-try", path, path]);
        foreach (var path in write)
            arguments.AddRange(["--bind", path, path]);
        return [.. arguments, "--chdir", start, "--"];
    }

    private static IEnumerable<string> Above(string path)
    {
        for (var above = Path.GetDirectoryName(path); above is not (null or "/"); above = Path.GetDirectoryName(above))
        {
            if (
                above != "/tmp"
                && !SystemFolders.Any(s => above == s || above.StartsWith($"{s}/", StringComparison.Ordinal))
            )
                yield return above;
        }
    }

    private static ProcessStartInfo Trial(RunOptions options)
    {
        var trial = new ProcessStartInfo("bwrap") { RedirectStandardError = true, UseShellExecute = false };
        foreach (var argument in Arguments(options.ReadOnlyFolders, [], "/"))
            trial.ArgumentList.Add(argument);
        trial.ArgumentList.Add("true");
        return trial;
    }
}

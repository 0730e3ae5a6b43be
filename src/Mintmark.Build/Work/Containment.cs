using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;

namespace Mintmark.Build;

/// <summary>
/// What stands before a build's commands. Where the control plane is root, these get another user and, if the machine
/// lets us, process ids of their own: then the kernel itself ends every process of a command with the command.
/// Elsewhere, and for what a killed control plane left, <see cref="BuildProcesses"/> finds them.
/// </summary>
internal sealed record Containment(IReadOnlyList<string> Prefix)
{
    public static readonly Containment None = new([]);

    private static readonly string[] OwnProcessIds =
    [
        "unshare",
        "--pid",
        "--fork",
        "--kill-child=SIGKILL",
        "--mount-proc",
        "--",
    ];

    public static async Task<Containment> FindAsync(BuildOptions options, CancellationToken ct)
    {
        if (options.User is not { } user)
            return None;
        string[] become =
        [
            "setpriv",
            $"--reuid={user.Uid.ToString(CultureInfo.InvariantCulture)}",
            $"--regid={user.Gid.ToString(CultureInfo.InvariantCulture)}",
            "--clear-groups",
            "--no-new-privs",
            "--",
        ];
        return new Containment(await WorksAsync(OwnProcessIds, ct) ? [.. OwnProcessIds, .. become] : become);
    }

    private static async Task<bool> WorksAsync(string[] prefix, CancellationToken ct)
    {
        var start = new ProcessStartInfo(prefix[0], [.. prefix.Skip(1), "true"])
        {
            UseShellExecute = false,
            RedirectStandardError = true,
        };
        try
        {
            using var probe = Process.Start(start)!;
            probe.BeginErrorReadLine();
            await probe.WaitForExitAsync(ct);
            return probe.ExitCode == 0;
        }
        catch (Win32Exception)
        {
            return false;
        }
    }
}

namespace Mintmark.Run;

/// <summary>
/// How an instance comes to run: standard programs, each of which becomes the next by exec, so that the pid we know is
/// the first process of the instance. Nothing in a command line is secret.
/// <list type="number">
/// <item>setsid: a session of its own, so that no signal to the control plane's terminal reaches it</item>
/// <item>sh: output to the instance's file, input from nowhere</item>
/// <item>prlimit: open files, memory, no core dumps</item>
/// <item>bwrap: its own view of the system; stays as the parent, deaf to SIGTERM, to hand on the exit code</item>
/// <item>setpriv: an unprivileged user without capabilities, for ever</item>
/// <item>env: all signals as they are by default</item>
/// <item>sh: the run command</item>
/// </list>
/// </summary>
internal static class LaunchChain
{
    private const string Redirect = "exec >>\"$0\" 2>&1 </dev/null; exec \"$@\"";

    public static IReadOnlyList<string> Arguments(Launch launch, IEnumerable<string>? sandbox)
    {
        List<string> all = ["setsid", "sh", "-c", Redirect, launch.Output];
        if (sandbox is not null)
            all.AddRange(["env", "--ignore-signal=TERM"]);
        all.AddRange(["prlimit", "--core=0:0", $"--nofile={launch.OpenFiles}:{launch.OpenFiles}"]);
        all.AddRange([$"--data={launch.DataBytes}:{launch.DataBytes}", "--"]);
        if (sandbox is not null)
            all.AddRange(["bwrap", .. sandbox]);
        if (launch.User is { } user)
        {
            all.AddRange(["setpriv", $"--reuid={user}", $"--regid={user}", "--clear-groups", "--no-new-privs"]);
            all.AddRange(["--bounding-set=-all", "--inh-caps=-all", "--ambient-caps=-all", "--"]);
        }
        all.AddRange(["env", "--default-signal", "sh", "-c", launch.Command]);
        return all;
    }

    /// <param name="User">Null leaves it as it is.</param>
    internal sealed record Launch(string Command, string Output, int? User, long OpenFiles, long DataBytes);
}

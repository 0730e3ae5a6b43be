using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace Mintmark.Build;

internal sealed record GitAnswer(int Status, byte[] Output, string Errors)
{
    public string Text => Encoding.UTF8.GetString(Output);
}

/// <summary>
/// Runs <c>git</c> in one folder. A repository's own settings can name programs to run (hooks, monitors, filters,
/// signature checks): those that our commands could reach are switched off, and root runs git as the folder's owner,
/// so that nobody gains a right by having his repository shipped.
/// </summary>
internal sealed class GitProgram(string folder)
{
    public static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    private const int MostErrors = 16 * 1024;
    private const int MostOutput = 64 * 1024 * 1024;

    private static readonly string[] Settings =
    [
        "core.hooksPath=/dev/null",
        "core.fsmonitor=false",
        "core.attributesFile=/dev/null",
        "core.warnAmbiguousRefs=true",
        // A file that says which commits a commit came of, in the commit's place.
        "core.commitGraph=false",
        "core.alternateRefsCommand=",
        "i18n.logOutputEncoding=UTF-8",
        "log.showSignature=false",
        "gpg.program=false",
        "gpg.ssh.program=ssh-keygen",
        "gpg.x509.program=false",
        "protocol.allow=never",
        "submodule.recurse=false",
        "gc.auto=0",
        "maintenance.auto=false",
    ];

    /// <exception cref="GitException">It is not installed or did not answer in time.</exception>
    public async Task<GitAnswer> RunAsync(IReadOnlyList<string> arguments, CancellationToken ct)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(Limit);
        using var git = Start(arguments);
        try
        {
            git.StandardInput.Close();
            var errors = ReadAsync(git.StandardError.BaseStream, MostErrors, limit.Token);
            var output = await ReadAsync(git.StandardOutput.BaseStream, MostOutput + 1, limit.Token);
            var said = Encoding.UTF8.GetString(await errors).Trim();
            await git.WaitForExitAsync(limit.Token);
            return output.Length <= MostOutput
                ? new GitAnswer(git.ExitCode, output, said)
                : throw new GitException(
                    GitProblem.Failed,
                    $"git {arguments[0]} in {folder} says more than {MostOutput} bytes"
                );
        }
        catch (OperationCanceledException)
        {
            git.Kill(entireProcessTree: true);
            ct.ThrowIfCancellationRequested();
            throw new GitException(
                GitProblem.TimedOut,
                $"git {arguments[0]} in {folder} took longer than {Quantity.Duration((long)Limit.TotalSeconds)}"
            );
        }
    }

    /// <exception cref="GitException">git says no.</exception>
    public async Task<byte[]> OutputAsync(IReadOnlyList<string> arguments, CancellationToken ct)
    {
        var answer = await RunAsync(arguments, ct);
        return answer.Status == 0
            ? answer.Output
            : throw new GitException(GitProblem.Failed, $"git {arguments[0]} in {folder}: {answer.Errors}");
    }

    public Process Start(IReadOnlyList<string> arguments)
    {
        if (!Directory.Exists(folder))
            throw new GitException(GitProblem.NotARepository, $"there is no folder {folder}");
        var owner = Libc.Status(folder);
        var asOwner = Environment.IsPrivilegedProcess && owner.Uid != 0;
        var start = new ProcessStartInfo(asOwner ? "setpriv" : "git")
        {
            WorkingDirectory = folder,
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        if (asOwner)
            Add(start, Become(owner));
        Add(start, [.. Settings.SelectMany(s => new[] { "-c", s }), .. arguments]);
        Restrict(start.Environment, asOwner);
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception missing)
        {
            throw new GitException(GitProblem.NotInstalled, $"{start.FileName} cannot be run: {missing.Message}");
        }
    }

    private static void Add(ProcessStartInfo start, IEnumerable<string> arguments)
    {
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);
    }

    private static string[] Become(FileStatus owner) =>
        [
            $"--reuid={owner.Uid.ToString(CultureInfo.InvariantCulture)}",
            $"--regid={owner.Gid.ToString(CultureInfo.InvariantCulture)}",
            "--clear-groups",
            "--no-new-privs",
            "--",
            "git",
        ];

    private static void Restrict(IDictionary<string, string?> environment, bool asOwner)
    {
        var path = environment.TryGetValue("PATH", out var p) ? p : "/usr/local/bin:/usr/bin:/bin";
        var home = environment.TryGetValue("HOME", out var h) && !asOwner ? h : "/nonexistent";
        environment.Clear();
        environment["PATH"] = path;
        environment["HOME"] = home;
        environment["LC_ALL"] = "C";
        environment["GIT_CONFIG_NOSYSTEM"] = "1";
        environment["GIT_CONFIG_GLOBAL"] = "/dev/null";
        environment["GIT_TERMINAL_PROMPT"] = "0";
        environment["GIT_OPTIONAL_LOCKS"] = "0";
        environment["GIT_NO_REPLACE_OBJECTS"] = "1";
        environment["GIT_GRAFT_FILE"] = "/nonexistent";
        environment["GIT_NO_LAZY_FETCH"] = "1";
        environment["GIT_LITERAL_PATHSPECS"] = "1";
    }

    /// <summary>Reads to the end, keeping the first <paramref name="most"/> bytes.</summary>
    private static async Task<byte[]> ReadAsync(Stream stream, int most, CancellationToken ct)
    {
        using var kept = new MemoryStream();
        var buffer = new byte[64 * 1024];
        int read;
        while ((read = await stream.ReadAsync(buffer, ct)) > 0)
            kept.Write(buffer, 0, (int)Math.Min(read, most - kept.Length));
        return kept.ToArray();
    }
}

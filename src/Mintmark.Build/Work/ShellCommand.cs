using System.Diagnostics;

namespace Mintmark.Build;

internal abstract record CommandEnd
{
    private CommandEnd() { }

    public sealed record Exited(int Status) : CommandEnd;

    public sealed record TimedOut : CommandEnd;
}

/// <summary>
/// A shell command in a session of its own. When it ends, is cancelled or runs out of time, every process that it
/// started ends with it, also those that left its group.
/// </summary>
internal sealed record ShellCommand(
    string Text,
    string Folder,
    IReadOnlyDictionary<string, string> Environment,
    TimeSpan Limit,
    Containment Containment
)
{
    private static readonly TimeSpan Draining = TimeSpan.FromSeconds(5);

    public async Task<CommandEnd> RunAsync(string logPath, long logBytes, CancellationToken ct)
    {
        await using var log = new CappedLog(logPath, logBytes);
        return await RunAsync((bytes, token) => log.WriteAsync(bytes, token), ct);
    }

    public async Task<CommandEnd> RunAsync(
        Func<ReadOnlyMemory<byte>, CancellationToken, Task> output,
        CancellationToken ct
    )
    {
        ct.ThrowIfCancellationRequested();
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(Limit);
        using var shell = Process.Start(StartInfo())!;
        shell.StandardInput.Close();
        using var draining = new CancellationTokenSource();
        var pump = PumpAsync(shell.StandardOutput.BaseStream, output, limit.CancelAsync, draining.Token);
        try
        {
            await shell.WaitForExitAsync(limit.Token);
            return new CommandEnd.Exited(shell.ExitCode);
        }
        catch (OperationCanceledException)
        {
            ct.ThrowIfCancellationRequested();
            if (pump.IsFaulted)
                await pump;
            return new CommandEnd.TimedOut();
        }
        finally
        {
            Libc.KillGroup(shell.Id);
            await BuildProcesses.KillAsync(Environment[BuildEnvironment.Marker]);
            await shell.WaitForExitAsync(CancellationToken.None);
            draining.CancelAfter(Draining);
            await pump;
        }
    }

    /// <summary>Output that cannot be kept (a full disk) ends the command.</summary>
    private static async Task PumpAsync(
        Stream stream,
        Func<ReadOnlyMemory<byte>, CancellationToken, Task> output,
        Func<Task> stop,
        CancellationToken draining
    )
    {
        var buffer = new byte[64 * 1024];
        try
        {
            int read;
            while ((read = await stream.ReadAsync(buffer, draining)) > 0)
                await output(buffer.AsMemory(0, read), CancellationToken.None);
        }
        catch (OperationCanceledException)
        {
            // A process that we may not kill still holds the pipe; what it says is not awaited.
        }
        catch (IOException)
        {
            await stop();
            throw;
        }
    }

    private ProcessStartInfo StartInfo()
    {
        var start = new ProcessStartInfo("setsid")
        {
            WorkingDirectory = Folder,
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        foreach (var argument in (string[])[.. Containment.Prefix, "sh", "-c", "exec sh -c \"$1\" 2>&1", "sh", Text])
            start.ArgumentList.Add(argument);
        start.Environment.Clear();
        foreach (var (name, value) in Environment)
            start.Environment[name] = value;
        return start;
    }
}

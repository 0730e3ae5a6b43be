using System.ComponentModel;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Mintmark.Route;

namespace Mintmark.Server;

/// <summary>
/// Makes sure that a gateway runs. It is a session of its own and outlives the control plane; a control plane that
/// starts finds the one that runs.
/// </summary>
/// <param name="otlp">Where it sends traces and metrics; null for what its environment says.</param>
internal sealed class GatewayKeeper(
    Home home,
    GatewayPlace place,
    string? otlp,
    GatewayClient client,
    TimeProvider clock
)
{
    private readonly string build = BuildId.Of(AppContext.BaseDirectory);
    private const string OtherwiseEndIt =
        "say the same, or end it first: 'mint up' that says nothing of it, then 'mint down' in another terminal";

    private const int MostMeetings = 3;

    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(1);

    /// <param name="renew">Whether another process takes the place of one of another build: nothing is said to it
    /// meanwhile.</param>
    /// <exception cref="GatewayException">It cannot be started; says why.</exception>
    /// <exception cref="GatewaySilentException">It runs, and does not answer.</exception>
    /// <exception cref="GatewayNotRenewedException">It runs and answers, and stays of another build.</exception>
    public async Task EnsureAsync(bool renew, CancellationToken ct)
    {
        for (var meeting = 1; ; meeting++)
        {
            try
            {
                await MeetAsync(renew, ct);
                return;
            }
            catch (Exception silence) when (IsSilence(silence) && !ct.IsCancellationRequested)
            {
                RequireSameAddress(null);
                throw new GatewaySilentException(place.Socket);
            }
            catch (HttpRequestException gone)
            {
                // It has ended since it answered, so another one is started.
                if (meeting == MostMeetings)
                    throw new GatewayException($"it ends once it has answered: {gone.Message}; see {place.Output}");
            }
        }
    }

    private async Task MeetAsync(bool renew, CancellationToken ct)
    {
        if (!await AnswersAsync(ct) && await UntilAsync(() => AnswersAsync(ct), replace: false, ct))
            return;
        RequireSameAddress(await client.ListenAsync(ct));
        await RequireSameLogAsync(ct);
        await RequireSameDoorsAsync(ct);
        if (renew)
            await RenewAsync(ct);
    }

    /// <summary>Starts another process in the place of the one that runs.</summary>
    /// <param name="isThere">Whether that one has been met.</param>
    /// <exception cref="GatewayException">It cannot be started; the one that runs goes on.</exception>
    public async Task ReplaceAsync(Func<Task<bool>> isThere, CancellationToken ct)
    {
        await UntilAsync(isThere, replace: true, ct);
    }

    /// <summary>One of another build of this program is replaced, if it can be: else it goes on.</summary>
    private async Task RenewAsync(CancellationToken ct)
    {
        if (!File.Exists(Path.Combine(place.Folder, "handover.sock")))
            return;
        if (await client.BuildAsync(ct) == build)
            return;
        try
        {
            await ReplaceAsync(() => IsOursAsync(ct), ct);
        }
        catch (Exception why) when (why is GatewayException or IOException or Win32Exception)
        {
            // It may have come late.
            if (await HoldsAsync(() => IsOursAsync(ct), ct))
                return;
            if (!await HoldsAsync(() => AnswersAsync(ct), ct))
                throw;
            throw new GatewayNotRenewedException(why);
        }
    }

    private async Task<bool> IsOursAsync(CancellationToken ct)
    {
        // Connections that stand are to the one before.
        using var fresh = new GatewayClient(place.Socket);
        try
        {
            return await fresh.BuildAsync(ct) == build;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    /// <returns>Whether it is one that was started here: another may have been about to answer.</returns>
    private async Task<bool> UntilAsync(Func<Task<bool>> isSo, bool replace, CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        var (began, pause) = (clock.GetTimestamp(), Glance);
        var since = began;
        var started = Start(replace);
        try
        {
            while (!await HoldsAsync(isSo, ct))
            {
                // Whoever has the folder is about to answer, or to have ended.
                int? exit = started.HasExited ? started.ExitCode : null;
                var isHeld = exit == GatewayExit.Held;
                if (exit is not null && !isHeld)
                    throw new GatewayException($"it ended at once (exit {exit}): {LastLine()}");
                if (clock.GetElapsedTime(isHeld ? began : since) > StartLimit)
                {
                    var why = isHeld ? $": {LastLine()}" : "";
                    throw new GatewayException(
                        $"it did not answer within {StartLimit.TotalSeconds:0} s{why}; see {place.Output}"
                    );
                }
                await Task.Delay(isHeld ? pause : Glance, clock, ct);
                if (!isHeld)
                    continue;
                pause = 2 * pause < LongestPause ? 2 * pause : LongestPause;
                started.Dispose();
                (started, since) = (Start(replace), clock.GetTimestamp());
            }
            if (GatewayClient.ProcessOf(place.Socket) == started.Id)
                return true;
            // Else it might find the folder free later, and serve unasked.
            if (!replace)
                started.Kill();
            return false;
        }
        finally
        {
            started.Dispose();
        }
    }

    private static async Task<bool> HoldsAsync(Func<Task<bool>> isSo, CancellationToken ct)
    {
        try
        {
            return await isSo();
        }
        catch (Exception silence) when (IsSilence(silence) && !ct.IsCancellationRequested)
        {
            return false;
        }
    }

    /// <summary>Of one that takes a connection and says nothing, or whose queue of connections is full.</summary>
    private static bool IsSilence(Exception failure) =>
        failure
            is TaskCanceledException
                or HttpRequestException { InnerException: SocketException { SocketErrorCode: SocketError.WouldBlock } };

    /// <summary>The gateway outlives control planes, so it may be one that was started for another address.</summary>
    /// <param name="its">Null where it does not say: then it is where the control plane before said that it is.</param>
    private void RequireSameAddress(IPEndPoint? its)
    {
        its ??= place.Name is null ? home.Published()?.Gateway : null;
        if (its is not null && !its.Equals(place.Address))
        {
            throw new GatewayException(
                $"the gateway of this home runs already, on {its}: start with --gateway {its}, "
                    + "or end it first with 'mint up' on that address and then 'mint down'"
            );
        }
    }

    private async Task RequireSameLogAsync(CancellationToken ct)
    {
        if (place.AccessLog is null)
            return;
        var kept = await client.AccessLogAsync(ct) ?? ControlPlaneOptions.NoAccessLog;
        if (kept != place.AccessLog)
        {
            throw new GatewayException(
                $"the gateway of this home runs already, with --access-log {kept}",
                OtherwiseEndIt
            );
        }
    }

    private async Task RequireSameDoorsAsync(CancellationToken ct)
    {
        if (!place.Doors.Arguments().Any())
            return;
        var open = await client.DoorsAsync(ct);
        if (open != place.Doors.InForce)
        {
            var listens = open.Arguments().Select(a => a is "--tls" or "--h2c" ? $"--gateway-{a[2..]}" : a);
            var with = string.Join(' ', listens.DefaultIfEmpty("no TLS, no HTTP/2 and no limits of its own"));
            throw new GatewayException($"the gateway of this home runs already, with {with}", OtherwiseEndIt);
        }
    }

    private async Task<bool> AnswersAsync(CancellationToken ct)
    {
        if (!File.Exists(place.Socket))
            return false;
        try
        {
            await client.BuildAsync(ct);
            return true;
        }
        catch (HttpRequestException away) when (!IsSilence(away))
        {
            return false;
        }
    }

    private Process Start(bool replace)
    {
        Directory.CreateDirectory(
            place.Folder,
            UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
        );
        var program = Path.Combine(AppContext.BaseDirectory, "Mintmark.Gateway");
        // The shell only redirects; exec and setsid leave the gateway under the pid that we started.
        var start = new ProcessStartInfo("/bin/sh")
        {
            WorkingDirectory = place.Folder,
            ArgumentList =
            {
                "-c",
                "umask 077; out=$1; shift; exec setsid \"$@\" >>\"$out\" 2>&1 </dev/null",
                "sh",
                place.Output,
                program,
                "--home",
                home.Root,
                "--listen",
                place.Address.ToString(),
                "--build",
                build,
            },
        };
        if (replace)
        {
            start.ArgumentList.Add("--replace");
        }
        else
        {
            // The table on its disk may be from before a halt that another gateway has confirmed meanwhile.
            start.ArgumentList.Add("--await-table");
            start.ArgumentList.Add("10");
        }
        if (place.Name is not null)
        {
            start.ArgumentList.Add("--name");
            start.ArgumentList.Add(place.Name);
        }
        if (place.AccessLog is not null)
        {
            start.ArgumentList.Add("--access-log");
            start.ArgumentList.Add(place.AccessLog);
        }
        if (otlp is not null)
        {
            start.ArgumentList.Add("--otlp");
            start.ArgumentList.Add(otlp);
        }
        foreach (var argument in place.Doors.Arguments())
            start.ArgumentList.Add(argument);
        return Process.Start(start) ?? throw new GatewayException($"{program} cannot be started");
    }

    private string LastLine() =>
        File.Exists(place.Output)
            ? File.ReadLines(place.Output).LastOrDefault(line => line.Length > 0) ?? "it said nothing"
            : "it said nothing";
}

/// <param name="remedy">What to do then, where it is not to name another address.</param>
public class GatewayException(string message, string? remedy = null) : Exception(message)
{
    public string? Remedy => remedy;
}

/// <summary>It may answer later; nobody need wait for it while another one does.</summary>
public sealed class GatewaySilentException(string socket)
    : GatewayException($"the one that runs does not answer on {socket}: end its process, or wait until it does");

/// <summary>It goes on as it is, by the control plane's tables and halts.</summary>
public sealed class GatewayNotRenewedException(Exception why)
    : GatewayException(
        $"it is of another build and cannot be replaced: {why.Message}; when it can: mint gateway replace"
    );

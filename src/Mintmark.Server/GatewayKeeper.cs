using System.Diagnostics;
using System.Net;

namespace Mintmark.Server;

/// <summary>
/// Makes sure that a gateway runs. It is a session of its own and outlives the control plane; a control plane that
/// starts finds the one that runs.
/// </summary>
/// <param name="accessLog">Its folder, or off; null for what the gateway does by itself.</param>
/// <param name="otlp">Where it sends traces and metrics; null for what its environment says.</param>
internal sealed class GatewayKeeper(
    Home home,
    IPEndPoint address,
    string? accessLog,
    GatewayDoors doors,
    string? otlp,
    GatewayClient client,
    TimeProvider clock
)
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(20);

    /// <exception cref="GatewayException">It cannot be started; says why.</exception>
    public async Task EnsureAsync(CancellationToken ct)
    {
        if (await AnswersAsync(ct))
        {
            RequireSameAddress();
            await RequireSameLogAsync(ct);
            await RequireSameDoorsAsync(ct);
            return;
        }
        using var started = Start();
        var deadline = clock.GetTimestamp();
        while (!await AnswersAsync(ct))
        {
            if (started.HasExited)
                throw new GatewayException($"it ended at once (exit {started.ExitCode}): {LastLine()}");
            if (clock.GetElapsedTime(deadline) > StartLimit)
            {
                throw new GatewayException(
                    $"it did not answer within {StartLimit.TotalSeconds:0} s; see {home.GatewayOutput}"
                );
            }
            await Task.Delay(Glance, clock, ct);
        }
    }

    /// <summary>The gateway outlives control planes, so it may be one that was started for another address.</summary>
    private void RequireSameAddress()
    {
        if (home.Published() is { } before && !before.Gateway.Equals(address))
        {
            throw new GatewayException(
                $"the gateway of this home runs already, on {before.Gateway}: start with --gateway {before.Gateway}, "
                    + "or end it first with 'mint up' on that address and then 'mint down'"
            );
        }
    }

    private async Task RequireSameLogAsync(CancellationToken ct)
    {
        if (accessLog is null)
            return;
        var kept = await client.AccessLogAsync(ct) ?? ControlPlaneOptions.NoAccessLog;
        if (kept != accessLog)
        {
            throw new GatewayException(
                $"the gateway of this home runs already, with --access-log {kept}: start with the same, "
                    + "or end it first with 'mint down'"
            );
        }
    }

    private async Task RequireSameDoorsAsync(CancellationToken ct)
    {
        if (!doors.Arguments().Any())
            return;
        var open = await client.DoorsAsync(ct);
        if (open != doors)
        {
            var listens = string.Join(' ', open.Arguments().DefaultIfEmpty("neither --tls nor --h2c"));
            throw new GatewayException(
                $"the gateway of this home runs already, with {listens}: start with the same, "
                    + "or end it first with 'mint down'"
            );
        }
    }

    private async Task<bool> AnswersAsync(CancellationToken ct)
    {
        if (!File.Exists(home.GatewaySocket))
            return false;
        try
        {
            await client.ReportAsync(0, ct);
            return true;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private Process Start()
    {
        var program = Path.Combine(AppContext.BaseDirectory, "Mintmark.Gateway");
        // The shell only redirects; exec and setsid leave the gateway under the pid that we started.
        var start = new ProcessStartInfo("/bin/sh")
        {
            WorkingDirectory = home.Gateway,
            ArgumentList =
            {
                "-c",
                "umask 077; out=$1; shift; exec setsid \"$@\" >>\"$out\" 2>&1 </dev/null",
                "sh",
                home.GatewayOutput,
                program,
                "--home",
                home.Root,
                "--listen",
                address.ToString(),
            },
        };
        if (accessLog is not null)
        {
            start.ArgumentList.Add("--access-log");
            start.ArgumentList.Add(accessLog);
        }
        if (otlp is not null)
        {
            start.ArgumentList.Add("--otlp");
            start.ArgumentList.Add(otlp);
        }
        foreach (var argument in doors.Arguments())
            start.ArgumentList.Add(argument);
        return Process.Start(start) ?? throw new GatewayException($"{program} cannot be started");
    }

    private string LastLine() =>
        File.Exists(home.GatewayOutput)
            ? File.ReadLines(home.GatewayOutput).LastOrDefault(line => line.Length > 0) ?? "it said nothing"
            : "it said nothing";
}

public sealed class GatewayException(string message) : Exception(message);

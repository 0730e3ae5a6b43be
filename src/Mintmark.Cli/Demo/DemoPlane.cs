using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Mintmark.Server;

namespace Mintmark.Cli.Demo;

/// <summary>A control plane of the demo's own, as the real program on a home and ports of its own.</summary>
internal sealed class DemoPlane : IAsyncDisposable
{
    private readonly string program;
    private readonly string output;
    private Process? process;

    public DemoPlane(string folder, string program, int gateways = 1)
    {
        this.program = program;
        Home = new Home(Path.Combine(folder, "home"));
        output = Path.Combine(folder, "up.log");
        Addresses = new Addresses(FreePort(), FreePort())
        {
            More = [.. Enumerable.Range(1, gateways - 1).Select(_ => FreePort())],
        };
    }

    public Home Home { get; }

    /// <summary>As it starts the next time.</summary>
    public Addresses Addresses { get; set; }

    /// <summary>How long a start may take, and an end, on a machine that does ten other things.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromMinutes(3);

    public async Task StartAsync(CancellationToken ct)
    {
        var start = new ProcessStartInfo(
            "/bin/sh",
            [
                "-c",
                // A session of its own: Ctrl-C is for the demo, which then takes everything down in order.
                "out=$1; shift; exec setsid \"$@\" >>\"$out\" 2>&1 </dev/null",
                "sh",
                output,
                program,
                "up",
                "--home",
                Home.Root,
                "--api",
                $"{Addresses.Api}",
                .. Addresses.Gateways.SelectMany(gateway => new[] { "--gateway", $"{gateway}" }),
            ]
        );
        process = Process.Start(start)!;
        if (!await IsUpAsync(process, ct))
        {
            var how = process.HasExited
                ? $"exited with {process.ExitCode}"
                : $"did not answer within {Patience.TotalSeconds:0} s";
            throw new StopException(Exit.Failure, $"the control plane {how}:\n{LastWords()}");
        }
    }

    /// <summary>Waits until it answers.</summary>
    /// <returns>False where it has exited, or takes too long.</returns>
    private async Task<bool> IsUpAsync(Process started, CancellationToken ct)
    {
        for (var began = Stopwatch.GetTimestamp(); !await AnswersAsync(ct); await Task.Delay(20, ct))
        {
            if (started.HasExited || Stopwatch.GetElapsedTime(began) > Patience)
                return false;
        }
        return true;
    }

    /// <summary>SIGKILL: no goodbye, no clean-up.</summary>
    public async Task KillAsync(CancellationToken ct)
    {
        process!.Kill(entireProcessTree: false);
        await process.WaitForExitAsync(ct);
        process.Dispose();
        process = null;
    }

    public ApiClient Connect() => ApiClient.Open(Home, Addresses.Api);

    /// <summary>Runs the program as a person would.</summary>
    public async Task<(int Exit, string Output)> CallAsync(CancellationToken ct, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, [.. arguments, "--home", Home.Root, "--api", $"{Addresses.Api}"])
        {
            RedirectStandardOutput = true,
        };
        start.Environment["MINTMARK_BY"] = "demo";
        using var call = Process.Start(start)!;
        var text = await call.StandardOutput.ReadToEndAsync(ct);
        await call.WaitForExitAsync(ct);
        return (call.ExitCode, text);
    }

    public async ValueTask DisposeAsync()
    {
        // Only a control plane can end the gateway and the instances, so one that is not there is started for it, and
        // one that was interrupted in its start is waited for.
        if (process is null or { HasExited: true })
            await StartAsync(CancellationToken.None);
        else
            await IsUpAsync(process, CancellationToken.None);
        using var ending = process!;
        await CallAsync(CancellationToken.None, "down");
        using var late = new CancellationTokenSource(Patience);
        await ending.WaitForExitAsync(late.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (ending.HasExited)
            return;
        ending.Kill(entireProcessTree: true);
        throw new StopException(
            Exit.Failure,
            $"the control plane of the demo did not end, and was killed with what it had started:\n{LastWords()}",
            $"what may run on: pgrep -f {Home.Root}"
        );
    }

    private string LastWords() => File.Exists(output) ? File.ReadAllText(output) : "it said nothing";

    private async Task<bool> AnswersAsync(CancellationToken ct)
    {
        try
        {
            using var http = new HttpClient();
            var asking = http.GetAsync($"http://{Addresses.Api}/health", ct);
            return (await asking.WaitAsync(TimeSpan.FromSeconds(2), ct)).IsSuccessStatusCode;
        }
        catch (Exception notYet) when (notYet is HttpRequestException or SocketException or TimeoutException)
        {
            return false;
        }
    }

    /// <summary>
    /// Below those that the system gives to whoever asks for any, so that it is free still when somebody listens there.
    /// </summary>
    internal static IPEndPoint FreePort()
    {
        while (true)
        {
            var place = new IPEndPoint(IPAddress.Loopback, Random.Shared.Next(10_000, 20_000));
            using var probe = new TcpListener(place);
            try
            {
                probe.Start();
                return place;
            }
            catch (SocketException)
            {
                // It is taken.
            }
        }
    }
}

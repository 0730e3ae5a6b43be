using System.Diagnostics;
using System.Globalization;
using Mintmark.Route;

namespace Mintmark.Bench.Soak;

/// <summary>One gateway of a home: the process that serves, and those that it replaced and that leave.</summary>
internal sealed class SoakGateway : IAsyncDisposable
{
    /// <summary>Files in the home.</summary>
    public const string Certificate = "certificate.pem";
    public const string Key = "key.pem";

    private const int MostTries = 5;
    private static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly string home;
    private readonly string? name;
    private readonly Action<string> fail;
    private readonly Lock changing = new();
    private readonly List<Running> running = [];

    /// <summary>Why a table was not taken at the last try.</summary>
    private string last = "it was not tried";

    /// <param name="name">Null for the first.</param>
    /// <param name="fail">Told of what must not be.</param>
    private SoakGateway(string home, string? name, Action<string> fail) =>
        (this.home, this.name, this.fail) = (home, name, fail);

    public int Port { get; } = Traffic.Peers.FreePort();

    /// <summary>For HTTP/2 without TLS.</summary>
    public int H2cPort { get; } = Traffic.Peers.FreePort();

    public int TlsPort { get; } = Traffic.Peers.FreePort();

    private string Folder => name is null ? Path.Combine(home, "gateway") : Path.Combine(home, "gateways", name);

    private string Socket => Path.Combine(Folder, "control.sock");

    public static async Task<SoakGateway> StartAsync(string home, string? name, Action<string> fail)
    {
        for (var tries = 1; ; tries++)
        {
            var gateway = new SoakGateway(home, name, fail);
            var process = gateway.Start();
            try
            {
                var run = await gateway.MetAsync(process, before: null);
                gateway.Join(process, run);
                return gateway;
            }
            catch (CannotMeasureException) when (tries < MostTries && process.ExitCode == GatewayExit.CannotStart)
            {
                // Somebody else has got one of its ports meanwhile.
                process.Dispose();
            }
        }
    }

    /// <summary>Comes back when every process that may serve goes by it.</summary>
    public async Task PutAsync(RouteTable table)
    {
        var began = Stopwatch.GetTimestamp();
        while (!await IsTakenAsync(table))
        {
            if (Stopwatch.GetElapsedTime(began) > Patience)
                throw new CannotMeasureException($"a gateway does not take a table: {last}");
            await Task.Delay(Glance);
        }
    }

    /// <summary>Another process takes the place of the one that serves, with its sockets.</summary>
    public async Task ReplaceAsync()
    {
        var before = Present()[^1];
        var process = Start("--replace");
        var run = await MetAsync(process, before.Run);
        var began = Stopwatch.GetTimestamp();
        while (before.Hand!.Report?.Leaving is null && !before.Process.HasExited)
        {
            if (Stopwatch.GetElapsedTime(began) > Patience)
                throw new CannotMeasureException("a gateway does not say that it leaves");
            await Task.Delay(Glance);
        }
        before.Socket = Path.Combine(Folder, before.Hand.Report?.Leaving ?? "left");
        Join(process, run);
    }

    private void Join(Process process, string run)
    {
        var joining = new Running(process, run, Socket);
        joining.Hand = NewHand(() => joining.Socket);
        lock (changing)
            running.Add(joining);
    }

    /// <summary>The control plane dies: nobody listens to it, and a table may have come half.</summary>
    public async Task LoseAsync(RouteTable half)
    {
        List<SoakHand> hands;
        List<Task> tables;
        lock (changing)
        {
            hands = [.. running.Select(r => r.Hand).OfType<SoakHand>()];
            tables = [.. hands.Select(hand => hand.PutAsync(half))];
            running.ForEach(r => r.Hand = null);
        }
        foreach (var hand in hands)
            await hand.DisposeAsync();
        foreach (var table in tables)
            await table.ContinueWith(_ => { }, TaskScheduler.Default);
    }

    public void Find()
    {
        lock (changing)
        {
            running.RemoveAll(r => r.Process.HasExited);
            foreach (var process in running)
                process.Hand = NewHand(() => process.Socket);
        }
    }

    public async Task<Held> HeldAsync()
    {
        var serving = Present()[^1];
        var (heap, allocated) = await serving.Hand!.MemoryAsync();
        var pid = serving.Process.Id;
        return new Held(
            heap,
            allocated,
            new Traffic.Server("gateway", Port, pid).ResidentMegabytes(),
            Directory.GetFileSystemEntries($"/proc/{pid}/fd").Length,
            Directory.GetDirectories($"/proc/{pid}/task").Length
        );
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var one in Present())
        {
            if (one.Hand is { } hand)
                await hand.DisposeAsync();
            one.Process.Kill();
            await one.Process.WaitForExitAsync();
            one.Process.Dispose();
        }
    }

    private async Task<bool> IsTakenAsync(RouteTable table)
    {
        var all = Present();
        var isTaken = true;
        foreach (var one in all)
        {
            try
            {
                var (run, hasGivenWay) = await one.Hand!.PutAsync(table);
                var hasIt = run == one.Run && !(hasGivenWay && one == all[^1]);
                isTaken &= hasIt;
                if (!hasIt)
                    last = $"{one.Run} of {all.Count} was answered for by {run}, given way: {hasGivenWay}";
            }
            catch (HttpRequestException) when (one != all[^1])
            {
                await BuryAsync(one);
            }
            catch (HttpRequestException silent)
            {
                // It gives way, or has given way, to another, of which we do not know yet.
                isTaken = false;
                last = $"{one.Run} of {all.Count}: {silent.Message}";
            }
        }
        // One that joined meanwhile has not been told.
        return isTaken && Present()[^1] == all[^1];
    }

    /// <summary>It has left, and is to have ended well.</summary>
    private async Task BuryAsync(Running gone)
    {
        await gone.Process.WaitForExitAsync();
        if (gone.Process.ExitCode != 0)
            fail($"a gateway that left ended with {gone.Process.ExitCode}");
        await gone.Hand!.DisposeAsync();
        lock (changing)
            running.Remove(gone);
        gone.Process.Dispose();
    }

    private List<Running> Present()
    {
        lock (changing)
            return [.. running];
    }

    private SoakHand NewHand(Func<string> socket) => new(socket, fail);

    private Process Start(params string[] more)
    {
        static string At(int port) => $"127.0.0.1:{port.ToString(CultureInfo.InvariantCulture)}";
        return Process.Start(
            Path.Combine(AppContext.BaseDirectory, "Mintmark.Gateway"),
            [
                "--home",
                home,
                "--listen",
                At(Port),
                "--h2c",
                At(H2cPort),
                "--tls",
                At(TlsPort),
                "--certificate",
                Path.Combine(home, Certificate),
                "--key",
                Path.Combine(home, Key),
                .. name is null ? Array.Empty<string>() : ["--name", name],
                .. more,
            ]
        );
    }

    /// <param name="before">The run that serves until then.</param>
    /// <returns>The one that does from then on.</returns>
    private async Task<string> MetAsync(Process process, string? before)
    {
        while (true)
        {
            try
            {
                // No report: those are for who listens.
                if (await SoakHand.RunAsync(Socket) is var run && run != before)
                    return run;
            }
            catch (HttpRequestException)
            {
                // Not there yet.
            }
            if (process.HasExited)
                throw new CannotMeasureException($"a gateway ended at its start with {process.ExitCode}");
            await Task.Delay(Glance);
        }
    }

    private sealed class Running(Process process, string run, string socket)
    {
        public Process Process => process;

        public string Run => run;

        public string Socket { get; set; } = socket;

        /// <summary>Null while there is no control plane.</summary>
        public SoakHand? Hand { get; set; }
    }
}

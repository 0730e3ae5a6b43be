using System.Net.Sockets;
using System.Text.Json;
using Mintmark.Releases;
using Mintmark.Route;

namespace Mintmark.Bench.Soak;

/// <summary>A control plane's connections to one process of a gateway: its tables there, its reports back.</summary>
internal sealed class SoakHand : IAsyncDisposable
{
    private readonly HttpClient control;
    private readonly HttpClient reports;
    private readonly CancellationTokenSource ending = new();
    private readonly Dictionary<(string Run, ReleaseId Release, int Step), StepReport> counted = [];
    private readonly Task listening;

    /// <param name="socket">Asked for at each connection: the process may have moved.</param>
    /// <param name="fail">Told of counts that went back.</param>
    public SoakHand(Func<string> socket, Action<string> fail)
    {
        // One by one, each to who is there then; reports go on from whom they came.
        control = Client(socket, TimeSpan.Zero);
        reports = Client(socket, Timeout.InfiniteTimeSpan);
        listening = ListenAsync(fail);
    }

    private static HttpClient Client(Func<string> socket, TimeSpan keep) =>
        new(
            new SocketsHttpHandler
            {
                UseProxy = false,
                PooledConnectionLifetime = keep,
                MaxConnectionsPerServer = keep == TimeSpan.Zero ? int.MaxValue : 1,
                ConnectCallback = async (_, ct) =>
                {
                    var connection = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                    await connection.ConnectAsync(new UnixDomainSocketEndPoint(socket()), ct);
                    return new NetworkStream(connection, ownsSocket: true);
                },
            }
        )
        {
            BaseAddress = new Uri("http://gateway"),
        };

    /// <summary>The newest report; null before the first.</summary>
    public GatewayReport? Report { get; private set; }

    /// <returns>The run that took it, and whether it has given way: the one in its place may not have it.</returns>
    /// <exception cref="HttpRequestException">It has ended.</exception>
    public async Task<(string Run, bool HasGivenWay)> PutAsync(RouteTable table)
    {
        using var body = new ByteArrayContent(RouteWire.ToJson(table));
        body.Headers.ContentType = new("application/json");
        using var answer = await control.PutAsync("/table", body, ending.Token);
        answer.EnsureSuccessStatusCode();
        using var said = JsonDocument.Parse(await answer.Content.ReadAsByteArrayAsync());
        return (
            said.RootElement.GetProperty("gateway").GetString()!,
            said.RootElement.GetProperty("givenWay").ValueKind == JsonValueKind.True
        );
    }

    /// <returns>Of the gateway that is there.</returns>
    /// <exception cref="HttpRequestException">None is.</exception>
    public static async Task<string> RunAsync(string socket)
    {
        using var client = Client(() => socket, TimeSpan.Zero);
        using var table = JsonDocument.Parse(await client.GetByteArrayAsync("/table"));
        return table.RootElement.GetProperty("gateway").GetString()!;
    }

    public async Task<(double Heap, double Allocated)> MemoryAsync()
    {
        using var memory = JsonDocument.Parse(await control.GetByteArrayAsync("/memory"));
        double Megabytes(string name) => memory.RootElement.GetProperty(name).GetInt64() / 1e6;
        return (Megabytes("heapBytes"), Megabytes("allocatedBytes"));
    }

    /// <summary>In the middle of whatever it was at.</summary>
    public async ValueTask DisposeAsync()
    {
        await ending.CancelAsync();
        await listening;
        control.Dispose();
        reports.Dispose();
        ending.Dispose();
    }

    private async Task ListenAsync(Action<string> fail)
    {
        var sequence = 0L;
        try
        {
            while (true)
            {
                var json = await reports.GetByteArrayAsync($"/report?changedSince={sequence}&waitMs=500", ending.Token);
                var report = JsonSerializer.Deserialize(json, RouteWire.Default.GatewayReport)!;
                sequence = report.Sequence;
                Report = report;
                foreach (var step in report.Steps)
                    Check(report.Gateway, step, fail);
            }
        }
        catch (Exception over) when (over is HttpRequestException or OperationCanceledException)
        {
            // It has ended, or we have.
        }
    }

    private void Check(string run, StepReport step, Action<string> fail)
    {
        var key = (run, step.Release, step.Step);
        if (
            counted.TryGetValue(key, out var before)
            && (!IsLater(before.Baseline, step.Baseline) || !IsLater(before.Candidate, step.Candidate))
        )
        {
            fail($"counts of {run} went back: {before} then {step}");
        }
        counted[key] = step;
    }

    private static bool IsLater(ArmTally a, ArmTally b) =>
        b.Requests >= a.Requests
        && b.Units >= a.Units
        && b.Errors >= a.Errors
        && b.Bad.All(x => x.Value >= a.Bad[x.Key]);
}

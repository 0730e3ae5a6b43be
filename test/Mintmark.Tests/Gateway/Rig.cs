using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json;
using Mintmark.Cli.Demo;
using Mintmark.Gateway;
using Mintmark.Releases;
using Mintmark.Route;
using Mintmark.Tests.Run;

namespace Mintmark.Tests.Gateway;

/// <summary>
/// A gateway on a free port with a home folder of its own, a client before it and a hand on its control.
/// </summary>
sealed class Rig : IAsyncDisposable
{
    /// <summary>For what must come, however slow the machine is.</summary>
    public static readonly TimeSpan Late = TimeSpan.FromMinutes(2);

    /// <summary>The usual ones, but that an instance may be slow to take a connection.</summary>
    public static readonly Timeouts Patient = Timeouts.Usual with { ConnectMilliseconds = 60_000 };

    /// <summary>Trips a good candidate less than once in a million test runs.</summary>
    static readonly RolloutPlan Plan = new([new StepPlan(new Share(2_500), 100)], 0.000_001m, 2m, 60);

    readonly HttpClient control;
    readonly GatewayHost gateway;
    readonly GatewayOptions options;
    long revision;
    bool isReplaced;
    Task? ending;

    Rig(string home, GatewayHost gateway, GatewayOptions options)
    {
        (Home, this.gateway, this.options) = (home, gateway, options);
        Client = NewClient();
        control = new HttpClient(new SocketsHttpHandler { ConnectCallback = ConnectControlAsync })
        {
            BaseAddress = new Uri("http://gateway"),
            // A table beyond the limit is refused before it is sent.
            DefaultRequestHeaders = { ExpectContinue = true },
        };
    }

    public string Home { get; }

    public IPEndPoint Address => gateway.Address;

    public string ControlSocket => gateway.ControlSocket;

    public IReadOnlyList<IPEndPoint> Addresses => gateway.Addresses;

    public HttpClient Client { get; }

    public static async Task<Rig> StartAsync(string? home = null, Func<GatewayOptions, GatewayOptions>? with = null)
    {
        home ??= NewHome();
        // However slow the machine is, the next request finds the connection of the one before.
        var options = new GatewayOptions(home, new IPEndPoint(IPAddress.Loopback, 0))
        {
            KeepIdle = TimeSpan.FromMinutes(1),
        };
        options = with?.Invoke(options) ?? options;
        return new Rig(home, await GatewayHost.StartAsync(options, CancellationToken.None), options);
    }

    /// <summary>Another one in its place, with its sockets; this one leaves, and is to be stopped.</summary>
    public async Task<Rig> ReplaceAsync(Func<GatewayOptions, GatewayOptions>? with = null)
    {
        var next = options with { Replace = true, Listen = Address };
        if (options.H2c is not null)
            next = next with { H2c = Addresses[^1] };
        next = with?.Invoke(next) ?? next;
        var started = await GatewayHost.StartAsync(next, CancellationToken.None);
        isReplaced = true;
        return new Rig(Home, started, next) { revision = revision };
    }

    /// <summary>With a secret that is the same each time, so that clients draw the same lots.</summary>
    static string NewHome()
    {
        var home = Directory.CreateTempSubdirectory("mintmark-gateway-").FullName;
        Directory.CreateDirectory(Path.Combine(home, "gateway"));
        File.WriteAllBytes(Path.Combine(home, "gateway", "secret"), new byte[32]);
        return home;
    }

    /// <summary>A bank with a baseline, and a candidate at a share if there is one.</summary>
    public static ServiceRoute Bank(
        Instance? baseline,
        Instance? candidate = null,
        int share = 5_000,
        int step = 0,
        long? slowMicroseconds = null,
        string? halted = null,
        int pastRequests = 100,
        Assignment assignment = Assignment.Client,
        params string[] signals
    ) =>
        new(
            new ServiceName("bank"),
            halted,
            new Arm(Mark.Parse("bank-1"), baseline is null ? [] : [baseline.As(1)], signals, Patient),
            share == 0
                ? null
                : new Comparison(
                    new ReleaseId(7),
                    step,
                    new Share(share),
                    new Arm(Mark.Parse("bank-2"), candidate is null ? [] : [candidate.As(2)], signals, Patient),
                    slowMicroseconds is { } slow ? ByName.Of<long>(("slow-p99", slow)) : ByName<long>.Empty,
                    ByName<decimal>.Empty,
                    signals,
                    Plan with
                    {
                        Assignment = assignment,
                    },
                    [new StepTally(new Share(1), ArmTally.None, ArmTally.Of(pastRequests, 0))]
                )
        );

    public static ServiceRoute Alone(Instance baseline) => Bank(baseline, share: 0);

    public HttpClient NewClient() =>
        new(new SocketsHttpHandler { UseCookies = false, UseProxy = false })
        {
            BaseAddress = new Uri($"http://127.0.0.1:{Address.Port}/s/bank/"),
        };

    public Task PutAsync(params ServiceRoute[] services) => PutAsync(new RouteTable(++revision, null, services));

    public async Task<long> PutAsync(RouteTable table)
    {
        using var answer = await PutAsync(RouteWire.ToJson(table));
        answer.EnsureSuccessStatusCode();
        var inForce = await answer.Content.ReadFromJsonAsync<JsonElement>();
        return inForce.GetProperty("revision").GetInt64();
    }

    public Task<HttpResponseMessage> PutAsync(byte[] json) => control.PutAsync("table", new ByteArrayContent(json));

    public async Task<GatewayReport> ReportAsync(long changedSince = 0, int waitMs = 0)
    {
        var json = await control.GetByteArrayAsync($"report?changedSince={changedSince}&waitMs={waitMs}");
        return JsonSerializer.Deserialize(json, RouteWire.Default.GatewayReport)!;
    }

    /// <summary>Follows the reports until one is as it should be.</summary>
    public async Task<GatewayReport> ReportAsync(Func<GatewayReport, bool> until)
    {
        using var late = new CancellationTokenSource(Late);
        var report = await ReportAsync();
        while (!until(report))
        {
            late.Token.ThrowIfCancellationRequested();
            report = await ReportAsync(report.Sequence, waitMs: 1_000);
        }
        return report;
    }

    public async Task<(HttpStatusCode Status, string Body, string? Mark)> AskAsync(
        string? client = null,
        string path = ""
    )
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        if (client is not null)
            request.Headers.Add("Mint-Client", client);
        using var answer = await Client.SendAsync(request);
        return (
            answer.StatusCode,
            await answer.Content.ReadAsStringAsync(),
            answer.Headers.TryGetValues("Mint-Mark", out var marks) ? marks.Single() : null
        );
    }

    /// <summary>Which run took a table, and whether it has given way to another.</summary>
    public async Task<(string Run, bool HasGivenWay)> TakerAsync(RouteTable table)
    {
        using var answer = await PutAsync(RouteWire.ToJson(table));
        var said = await answer.Content.ReadFromJsonAsync<JsonElement>();
        return (said.GetProperty("gateway").GetString()!, said.GetProperty("givenWay").ValueKind == JsonValueKind.True);
    }

    /// <summary>What the gateway says of the table that it goes by.</summary>
    public async Task<(long Revision, DateTimeOffset? Since, bool FromDisk)> TableAsync()
    {
        var json = JsonDocument.Parse(await control.GetByteArrayAsync("table")).RootElement;
        var since = json.GetProperty("since");
        return (
            json.GetProperty("revision").GetInt64(),
            since.ValueKind == JsonValueKind.Null ? null : since.GetDateTimeOffset(),
            json.GetProperty("fromDisk").GetBoolean()
        );
    }

    public async Task<IReadOnlyList<ClientsReport>> ClientsAsync() =>
        JsonSerializer.Deserialize(
            await control.GetByteArrayAsync("clients"),
            RouteWire.Default.IReadOnlyListClientsReport
        )!;

    /// <summary>How it says it is.</summary>
    public async Task<ConditionReport> ConditionAsync() =>
        JsonSerializer.Deserialize(await control.GetByteArrayAsync("condition"), RouteWire.Default.ConditionReport)!;

    /// <summary>Asks how it is until that is as it should be.</summary>
    public async Task<ConditionReport> ConditionAsync(Func<ConditionReport, bool> until)
    {
        using var late = new CancellationTokenSource(Late);
        using var glance = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        var condition = await ConditionAsync();
        while (!until(condition))
        {
            await glance.WaitForNextTickAsync(late.Token);
            condition = await ConditionAsync();
        }
        return condition;
    }

    public Task<HttpResponseMessage> DrainAsync() => control.PostAsync("drain", content: null);

    public Task UntilDrainedAsync() => gateway.UntilDrainedAsync(CancellationToken.None);

    /// <summary>Ends the gateway; requests under way may finish.</summary>
    public Task EndAsync() => ending ??= gateway.DisposeAsync().AsTask();

    /// <summary>Ends the gateway and its clients, and keeps its home.</summary>
    public async Task StopAsync()
    {
        await EndAsync();
        Client.Dispose();
        control.Dispose();
        // A program that another test is just starting has all that is open here until it runs.
        if (!isReplaced)
            await Eventually.HoldsAsync(IsFree, "nobody holds its folder");
    }

    bool IsFree()
    {
        var file = Path.Combine(Path.GetDirectoryName(ControlSocket)!, "lock");
        try
        {
            if (File.Exists(file))
                File.Open(file, FileMode.Open, FileAccess.ReadWrite, FileShare.None).Dispose();
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        Directory.Delete(Home, recursive: true);
    }

    async ValueTask<Stream> ConnectControlAsync(SocketsHttpConnectionContext context, CancellationToken ct)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await socket.ConnectAsync(new UnixDomainSocketEndPoint(gateway.ControlSocket), ct);
        return new NetworkStream(socket, ownsSocket: true);
    }

    /// <summary>Where nobody listens.</summary>
    public static IPEndPoint FreePlace() => DemoPlane.FreePort();
}

using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text.Json;
using Mintmark.Route;

namespace Mintmark.Server;

/// <summary>Speaks to one gateway over its unix socket, which only the owner can open.</summary>
internal sealed class GatewayClient : IDisposable
{
    private const long LongestAnswer = 64 << 20;

    private readonly HttpClient http;
    private readonly HttpClient reports;
    private volatile string socket;

    public GatewayClient(string socket)
    {
        this.socket = socket;
        // While one takes another's place the same path leads to the one, then to the other. Reports go on from whom
        // they came, on one connection; all else asks whoever is there, and keeps none for later.
        http = Client(TimeSpan.Zero);
        reports = Client(Timeout.InfiniteTimeSpan);
    }

    private HttpClient Client(TimeSpan keep)
    {
        var handler = new SocketsHttpHandler
        {
            UseProxy = false,
            ConnectTimeout = TimeSpan.FromSeconds(2),
            PooledConnectionLifetime = keep,
            MaxConnectionsPerServer = keep == TimeSpan.Zero ? int.MaxValue : 1,
            ConnectCallback = async (_, ct) =>
            {
                var connection = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                try
                {
                    await connection.ConnectAsync(new UnixDomainSocketEndPoint(socket), ct);
                    return new NetworkStream(connection, ownsSocket: true);
                }
                catch
                {
                    connection.Dispose();
                    throw;
                }
            },
        };
        return new HttpClient(handler)
        {
            BaseAddress = new Uri("http://gateway"),
            Timeout = TimeSpan.FromSeconds(5),
            MaxResponseContentBufferSize = LongestAnswer,
        };
    }

    /// <summary>Whether a process has that socket open.</summary>
    public static bool Listens(string socket)
    {
        using var probe = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        // One that hangs takes no connection out of its queue; where that is full a call that blocks would hang too.
        probe.Blocking = false;
        try
        {
            probe.Connect(new UnixDomainSocketEndPoint(socket));
            return true;
        }
        catch (SocketException full) when (full.SocketErrorCode == SocketError.WouldBlock)
        {
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    /// <summary>The process that listens on that socket (SO_PEERCRED of unix(7)); null where none does.</summary>
    public static int? ProcessOf(string socket)
    {
        const int socketLevel = 1;
        const int peerCredentials = 17;
        using var probe = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        probe.Blocking = false;
        try
        {
            probe.Connect(new UnixDomainSocketEndPoint(socket));
            Span<int> processUserAndGroup = stackalloc int[3];
            probe.GetRawSocketOption(socketLevel, peerCredentials, MemoryMarshal.AsBytes(processUserAndGroup));
            return processUserAndGroup[0];
        }
        catch (SocketException)
        {
            return null;
        }
    }

    /// <summary>Where it answers from now on; connections that stand go on.</summary>
    public void MoveTo(string elsewhere) => socket = elsewhere;

    /// <summary>Returns once the table is in force, or the gateway has refused it for a later one.</summary>
    public async Task<Answered> PutAsync(RouteTable table, CancellationToken ct)
    {
        using var body = new ByteArrayContent(RouteWire.ToJson(table));
        body.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        using var answer = await http.PutAsync("/table", body, ct);
        answer.EnsureSuccessStatusCode();
        return await answer.Content.ReadFromJsonAsync<Answered>(ct)
            ?? throw new JsonException("what it answers to a table is an object");
    }

    /// <summary>What a gateway answers to a table.</summary>
    /// <param name="Revision">Of the table in force there.</param>
    /// <param name="Gateway">The run that answers; null where it does not say.</param>
    /// <param name="GivenWay">True where it has given way: then the one in its place may not have the table.</param>
    internal sealed record Answered(long Revision, string? Gateway = null, bool? GivenWay = null);

    /// <summary>
    /// The next report: at once where <paramref name="sequence"/> is not the latest, else within a second.
    /// </summary>
    public async Task<GatewayReport> ReportAsync(long sequence, CancellationToken ct)
    {
        var json = await reports.GetByteArrayAsync($"/report?changedSince={sequence}&waitMs=500", ct);
        var report = JsonSerializer.Deserialize(json, RouteWire.Default.GatewayReport);
        return
            report is { Gateway: not null, Steps: not null, Instances: not null, Ignored: not null }
            && report is { Latencies: not null, Past: not null }
            && report.Steps.All(step => step is { Baseline: not null, Candidate: not null })
            ? report
            : throw new JsonException(
                "its report lacks a part: it may be of another build, which mint up replaces as it starts"
            );
    }

    /// <summary>Who calls which version.</summary>
    public async Task<IReadOnlyList<ClientsReport>> ClientsAsync(CancellationToken ct)
    {
        var json = await http.GetByteArrayAsync("/clients", ct);
        return JsonSerializer.Deserialize(json, RouteWire.Default.IReadOnlyListClientsReport)
            ?? throw new JsonException("who calls is a list");
    }

    /// <summary>How it is.</summary>
    public async Task<ConditionReport> ConditionAsync(CancellationToken ct)
    {
        var json = await http.GetByteArrayAsync("/condition", ct);
        return JsonSerializer.Deserialize(json, RouteWire.Default.ConditionReport)
            ?? throw new JsonException("how it is is an object");
    }

    /// <returns>Names the program that it runs; null of one from before they did.</returns>
    public async Task<string?> BuildAsync(CancellationToken ct)
    {
        using var answer = JsonDocument.Parse(await http.GetByteArrayAsync("/table", ct));
        return answer.RootElement.TryGetProperty("build", out var build) ? build.GetString() : null;
    }

    /// <returns>Where it listens; null of one that does not say.</returns>
    public async Task<IPEndPoint?> ListenAsync(CancellationToken ct)
    {
        using var answer = JsonDocument.Parse(await http.GetByteArrayAsync("/table", ct));
        return
            answer.RootElement.TryGetProperty("listen", out var address)
            && IPEndPoint.TryParse(address.GetString() ?? "", out var listens)
            ? listens
            : null;
    }

    /// <returns>The folder of its access log; null where it keeps none.</returns>
    public async Task<string?> AccessLogAsync(CancellationToken ct)
    {
        using var answer = JsonDocument.Parse(await http.GetByteArrayAsync("/table", ct));
        return answer.RootElement.TryGetProperty("accessLog", out var folder) ? folder.GetString() : null;
    }

    /// <returns>Where it listens beside its address.</returns>
    public async Task<GatewayDoors> DoorsAsync(CancellationToken ct)
    {
        using var answer = JsonDocument.Parse(await http.GetByteArrayAsync("/table", ct));
        string? Find(string name) => answer.RootElement.TryGetProperty(name, out var text) ? text.GetString() : null;
        return new(
            Find("tls"),
            Find("certificate"),
            Find("key"),
            Find("h2c"),
            Find("clientCa"),
            Find("clientCertificates"),
            Find("clientHeader"),
            Find("clientLimits")
        );
    }

    /// <summary>Asks it to answer what it has and to end.</summary>
    public async Task DrainAsync(CancellationToken ct)
    {
        using var answer = await http.PostAsync("/drain", content: null, ct);
        answer.EnsureSuccessStatusCode();
    }

    public void Dispose()
    {
        http.Dispose();
        reports.Dispose();
    }
}

using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Mintmark.Bench.Soak;
using Mintmark.Route;

namespace Mintmark.Bench;

/// <summary>The gateway as its own process, spoken to as the control plane does.</summary>
internal sealed class GatewayProcess : IAsyncDisposable
{
    private readonly string home;
    private readonly Process process;
    private readonly HttpClient control;
    private readonly HttpClient client;
    private readonly HttpClient anybody;

    private GatewayProcess(string home, Process process, int port)
    {
        Port = port;
        this.home = home;
        this.process = process;
        var socket = new UnixDomainSocketEndPoint(Path.Combine(home, "gateway", "control.sock"));
        control = new HttpClient(
            new SocketsHttpHandler
            {
                ConnectCallback = async (_, ct) =>
                {
                    var connection = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                    await connection.ConnectAsync(socket, ct);
                    return new NetworkStream(connection, ownsSocket: true);
                },
            }
        )
        {
            BaseAddress = new Uri("http://gateway"),
        };
        client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}/s/bank/") };
        anybody = new HttpClient { BaseAddress = client.BaseAddress };
        client.DefaultRequestHeaders.Add("Mint-Client", "bench");
    }

    public int Port { get; }

    public int Pid => process.Id;

    public static Task<GatewayProcess> StartAsync(params string[] options) => StartAsync(home => { }, options);

    /// <summary>Another one that takes the cookies of this one for its own.</summary>
    public Task<GatewayProcess> StartTwinAsync(params string[] options) =>
        StartAsync(
            other =>
            {
                Directory.CreateDirectory(Path.Combine(other, "gateway"));
                File.Copy(Path.Combine(home, "gateway", "secret"), Path.Combine(other, "gateway", "secret"));
            },
            options
        );

    private static async Task<GatewayProcess> StartAsync(Action<string> prepare, params string[] options)
    {
        var home = Directory.CreateTempSubdirectory("mintmark-bench-").FullName;
        prepare(home);
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        var port = ((IPEndPoint)probe.LocalEndpoint).Port;
        probe.Stop();
        var program = Path.Combine(AppContext.BaseDirectory, "Mintmark.Gateway");
        var process = Process.Start(program, ["--home", home, "--listen", $"127.0.0.1:{port}", .. options]);
        var gateway = new GatewayProcess(home, process, port);
        await gateway.AnswersAsync();
        return gateway;
    }

    public async Task PutAsync(RouteTable table)
    {
        using var body = new ByteArrayContent(RouteWire.ToJson(table));
        body.Headers.ContentType = new("application/json");
        using var answer = await control.PutAsync("/table", body);
        answer.EnsureSuccessStatusCode();
    }

    /// <returns>The mark of the version that answered.</returns>
    public async Task<string> AskAsync()
    {
        using var answer = await client.GetAsync("");
        return answer.Headers.TryGetValues("Mint-Mark", out var marks) ? marks.First() : $"none ({answer.StatusCode})";
    }

    /// <param name="asking">The client, as it names itself.</param>
    public async Task<int> StatusAsync(string asking)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "");
        request.Headers.Add("Mint-Client", asking);
        using var answer = await anybody.SendAsync(request);
        return (int)answer.StatusCode;
    }

    /// <returns>Cookies of clients that are new, as they are to be sent back.</returns>
    public async Task<IReadOnlyList<string>> CookiesAsync(int count)
    {
        var cookies = new List<string>();
        using var handler = new SocketsHttpHandler { UseCookies = false };
        using var strangers = new HttpClient(handler) { BaseAddress = client.BaseAddress };
        while (cookies.Count < count)
        {
            using var answer = await strangers.GetAsync("small");
            cookies.Add(answer.Headers.GetValues("Set-Cookie").Single().Split(';')[0]);
        }
        return cookies;
    }

    /// <summary>Bytes so far, of all that it has made.</summary>
    public async Task<long> AllocatedAsync()
    {
        using var heap = JsonDocument.Parse(await control.GetByteArrayAsync("/memory"));
        return heap.RootElement.GetProperty("allocatedBytes").GetInt64();
    }

    /// <summary>After it has collected all that nothing refers to.</summary>
    public async Task<Held> HeldAsync()
    {
        using var heap = JsonDocument.Parse(await control.GetByteArrayAsync("/memory"));
        var server = new Traffic.Server("gateway", Port, Pid);
        return new Held(
            heap.RootElement.GetProperty("heapBytes").GetInt64() / 1e6,
            heap.RootElement.GetProperty("allocatedBytes").GetInt64() / 1e6,
            server.ResidentMegabytes(),
            Directory.GetFileSystemEntries($"/proc/{Pid}/fd").Length,
            Directory.GetDirectories($"/proc/{Pid}/task").Length
        );
    }

    public async ValueTask DisposeAsync()
    {
        process.Kill();
        await process.WaitForExitAsync();
        process.Dispose();
        control.Dispose();
        client.Dispose();
        anybody.Dispose();
        Directory.Delete(home, recursive: true);
    }

    private async Task AnswersAsync()
    {
        while (true)
        {
            try
            {
                await control.GetByteArrayAsync("/report?changedSince=0&waitMs=0");
                return;
            }
            catch (HttpRequestException) when (!process.HasExited)
            {
                await Task.Delay(10);
            }
        }
    }
}

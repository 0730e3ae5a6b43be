using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Mintmark.Bench;

/// <summary>`mint up` on an empty home: time to the first answer, and memory once it stands.</summary>
internal static class UpBench
{
    private const int Runs = 3;

    public static async Task<IReadOnlyList<Figure>> RunAsync()
    {
        var seconds = new List<double>();
        var planes = new List<double>();
        var gateways = new List<double>();
        for (var run = 0; run < Runs; run++)
        {
            var home = Directory.CreateTempSubdirectory("mintmark-bench-").FullName;
            var (api, gateway) = (FreePort(), FreePort());
            var began = Stopwatch.GetTimestamp();
            using var up = Start("up", "--home", home, "--api", api, "--gateway", gateway);
            await AnswersAsync(api, up);
            seconds.Add(Stopwatch.GetElapsedTime(began).TotalSeconds);
            await LoadAsync(home, api);
            planes.Add(ResidentMegabytes(up.Id));
            gateways.Add(ResidentMegabytes(GatewayPid(home)));
            using (var down = Start("down", "--home", home, "--api", api))
                await down.WaitForExitAsync();
            await up.WaitForExitAsync();
            Directory.Delete(home, recursive: true);
        }
        return
        [
            Figure.AtMost("mint up to first answer", CoreBench.Median(seconds), "s", 2),
            Figure.AtMost("resident memory, control plane", CoreBench.Median(planes), "MB", 150),
            Figure.AtMost("resident memory, gateway", CoreBench.Median(gateways), "MB", 120),
        ];
    }

    /// <summary>A thousand questions, so that what is compiled and cached when in use is counted.</summary>
    private static async Task LoadAsync(string home, string api)
    {
        using var http = new HttpClient();
        http.DefaultRequestHeaders.Authorization = new("Bearer", File.ReadAllText(Path.Combine(home, "token")).Trim());
        for (var i = 0; i < 1_000; i++)
            await http.GetByteArrayAsync($"http://{api}/api/status");
    }

    /// <summary>By plain sockets: a client to whom each failure is an exception would take a processor.</summary>
    private static async Task AnswersAsync(string api, Process up)
    {
        var address = IPEndPoint.Parse(api);
        while (!await AnswersAsync(address))
        {
            if (up.HasExited)
                throw new CannotMeasureException($"mint up ended with {up.ExitCode}");
            await Task.Delay(5);
        }
    }

    private static async Task<bool> AnswersAsync(IPEndPoint address)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        using var connect = new SocketAsyncEventArgs { RemoteEndPoint = address };
        var connected = new TaskCompletionSource();
        connect.Completed += (_, _) => connected.SetResult();
        if (socket.ConnectAsync(connect))
            await connected.Task;
        if (connect.SocketError != SocketError.Success)
            return false;
        var question = "GET /health HTTP/1.1\r\nHost: mintmark\r\nConnection: close\r\n\r\n"u8.ToArray();
        await socket.SendAsync(question);
        var answer = new byte[15];
        return await socket.ReceiveAsync(answer) == answer.Length && answer.AsSpan().EndsWith("200 OK"u8);
    }

    private static Process Start(params string[] arguments) =>
        Process.Start(
            new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "mint"), arguments)
            {
                RedirectStandardOutput = true,
            }
        )!;

    private static int GatewayPid(string home) =>
        int.Parse(
            File.ReadAllText(Path.Combine(home, "gateway", "pid")).Split([' ', '\n'])[0],
            CultureInfo.InvariantCulture
        );

    private static double ResidentMegabytes(int pid)
    {
        var line = File.ReadLines($"/proc/{pid}/status").First(l => l.StartsWith("VmRSS:", StringComparison.Ordinal));
        return double.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture)
            / 1024;
    }

    private static string FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return $"{probe.LocalEndpoint}";
    }
}

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

    private static async Task AnswersAsync(string api, Process up)
    {
        using var http = new HttpClient();
        while (true)
        {
            try
            {
                using var answer = await http.GetAsync($"http://{api}/health");
                if (answer.IsSuccessStatusCode)
                    return;
            }
            catch (HttpRequestException) when (!up.HasExited)
            {
                await Task.Delay(5);
            }
        }
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

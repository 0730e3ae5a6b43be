using System.Diagnostics;
using System.Globalization;

namespace Mintmark.Bench.Traffic;

/// <param name="Processor">Of the server's processes, µs for each request.</param>
/// <param name="P99">Milliseconds.</param>
internal sealed record Measured(double PerSecond, double Processor, double P99, double Requests);

/// <summary>wrk, with a few hundred clients that each have a cookie, closed loop.</summary>
internal sealed class Load(string script)
{
    public static async Task<Load> WithAsync(string folder, IEnumerable<string> cookies)
    {
        var script = Path.Combine(folder, "load.lua");
        var clients = string.Join(",\n", cookies.Select((cookie, i) => $"\"{cookie}; split={i * 7919}\""));
        await File.WriteAllTextAsync(
            script,
            $$"""
            local cookies = { {{clients}} }
            local requests, next = {}, 0
            local payment = '{"key":"0b6f","from":"alice","to":"bob","amount":"12.50","currency":"EUR","text":"rent"}'
            function init(args)
                local body = args[1] == "POST" and payment or nil
                for i, cookie in ipairs(cookies) do
                    local headers = { Host = "bank.localhost", Cookie = cookie }
                    if body then headers["Content-Type"] = "application/json" end
                    requests[i] = wrk.format(args[1], nil, headers, body)
                end
            end
            function request()
                next = next % #requests + 1
                return requests[next]
            end
            function done(summary, latency)
                local e = summary.errors
                print(string.format("RESULT %d %d %d %d", summary.requests, summary.duration,
                    latency:percentile(99), e.connect + e.read + e.write + e.status + e.timeout))
            end

            """
        );
        return new Load(script);
    }

    public async Task<Measured> RunAsync(
        Server server,
        string path,
        int connections,
        double seconds,
        bool isPost = false
    )
    {
        var before = server.ProcessorSeconds();
        var start = new ProcessStartInfo(
            Peers.Find("wrk")!,
            [
                "-t2",
                $"-c{connections}",
                $"-d{seconds.ToString(CultureInfo.InvariantCulture)}s",
                "-s",
                script,
                $"{(server.IsSecure ? "https" : "http")}://127.0.0.1:{server.Port}/{path}",
                "--",
                isPost ? "POST" : "GET",
            ]
        )
        {
            RedirectStandardOutput = true,
        };
        using var wrk = Process.Start(start)!;
        var output = await wrk.StandardOutput.ReadToEndAsync();
        await wrk.WaitForExitAsync();
        var spent = server.ProcessorSeconds() - before;
        var result = output.Split('\n').FirstOrDefault(l => l.StartsWith("RESULT ", StringComparison.Ordinal));
        if (result?.Split(' ')[1..] is not [var requests, var microseconds, var p99, "0"])
            throw new InvalidOperationException($"{server.Name} did not answer all of the load: {output}");
        var count = double.Parse(requests, CultureInfo.InvariantCulture);
        return new Measured(
            count / (double.Parse(microseconds, CultureInfo.InvariantCulture) / 1e6),
            spent * 1e6 / count,
            double.Parse(p99, CultureInfo.InvariantCulture) / 1e3,
            count
        );
    }
}

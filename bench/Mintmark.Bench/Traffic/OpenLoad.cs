using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Mintmark.Bench.Traffic;

/// <param name="PerSecond">Answered with 200.</param>
/// <param name="P99">Of those, in ms.</param>
internal sealed record Opened(
    double Asked,
    double PerSecond,
    double P99,
    double Refused,
    double RefusedP99,
    double Failed
);

/// <summary>
/// Asks at a steady rate, whether or not there was an answer, over as many kept connections as that needs. A bare
/// socket each, since the load must cost less than what it loads.
/// </summary>
internal sealed class OpenLoad(int port)
{
    private const int Tick = 2;
    private static readonly byte[] Request = "GET / HTTP/1.1\r\nHost: bank.localhost\r\n\r\n"u8.ToArray();

    private readonly ConcurrentStack<Socket> idle = new();

    public async Task<Opened> RunAsync(double perSecond, double seconds)
    {
        var (served, refused) = (new ConcurrentBag<double>(), new ConcurrentBag<double>());
        var (asked, failed) = (0, 0);
        var asking = new List<Task>();
        var started = Stopwatch.GetTimestamp();
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(Tick));
        while (Stopwatch.GetElapsedTime(started).TotalSeconds is var elapsed && elapsed < seconds)
        {
            for (; asked < elapsed * perSecond; asked++)
                asking.Add(OneAsync());
            await timer.WaitForNextTickAsync();
        }
        var took = Stopwatch.GetElapsedTime(started).TotalSeconds;
        await Task.WhenAll(asking);
        return new Opened(
            asked / took,
            served.Count / took,
            P99(served),
            refused.Count / took,
            P99(refused),
            failed / took
        );

        async Task OneAsync()
        {
            var begun = Stopwatch.GetTimestamp();
            var status = await AskAsync();
            var took = Stopwatch.GetElapsedTime(begun).TotalMilliseconds;
            if (status == HttpStatusCode.OK)
                served.Add(took);
            else if (status == HttpStatusCode.ServiceUnavailable)
                refused.Add(took);
            else
                Interlocked.Increment(ref failed);
        }
    }

    private async Task<HttpStatusCode?> AskAsync()
    {
        if (!idle.TryPop(out var socket))
        {
            socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            await socket.ConnectAsync(IPAddress.Loopback, port);
        }
        await socket.SendAsync(Request);
        var buffer = new byte[2_048];
        var length = 0;
        while (true)
        {
            var read = await socket.ReceiveAsync(buffer.AsMemory(length));
            if (read == 0)
                return null;
            length += read;
            if (!IsWhole(buffer.AsSpan(0, length)))
                continue;
            idle.Push(socket);
            return (HttpStatusCode)(100 * (buffer[9] - '0') + 10 * (buffer[10] - '0') + buffer[11] - '0');
        }
    }

    /// <summary>Answers of instances here are chunked, and those of the gateway say their length.</summary>
    private static bool IsWhole(ReadOnlySpan<byte> answer)
    {
        var head = answer.IndexOf("\r\n\r\n"u8);
        if (head < 0)
            return false;
        var length = answer[..head].IndexOf("Content-Length: "u8);
        if (length < 0)
            return answer.EndsWith("0\r\n\r\n"u8);
        return Utf8Parser.TryParse(answer[(length + "Content-Length: ".Length)..], out int bytes, out _)
            && answer.Length >= head + 4 + bytes;
    }

    private static double P99(IReadOnlyCollection<double> times) =>
        times.Count == 0 ? 0 : times.Order().ElementAt((int)(times.Count * 0.99));
}

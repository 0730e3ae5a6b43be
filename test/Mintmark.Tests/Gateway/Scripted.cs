using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;
using Mintmark.Releases;
using Mintmark.Route;

namespace Mintmark.Tests.Gateway;

/// <summary>
/// An instance that says exactly what it is told to: the n-th request gets the n-th answer, the last one again and
/// again. An answer that ends with <see cref="Close"/> closes the connection.
/// </summary>
sealed partial class Scripted : IAsyncDisposable
{
    public const string Close = "<close>";

    readonly TcpListener listener = new(IPAddress.Loopback, 0);
    readonly CancellationTokenSource over = new();
    readonly List<(int Connection, string Text)> requests = [];
    readonly SemaphoreSlim closed = new(0);
    readonly string[] answers;
    readonly Task accepting;
    int connections;

    Scripted(string[] answers)
    {
        this.answers = answers;
        listener.Start();
        accepting = AcceptAsync();
    }

    public static Scripted Saying(params string[] answers) => new(answers);

    public ServiceRoute Alone =>
        new(
            new ServiceName("bank"),
            null,
            new Arm(Mark.Parse("bank-1"), [new Target(new InstanceId(1), Port)], Timeouts: Rig.Patient),
            null
        );

    public int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

    /// <summary>All that came, with the number of the connection that each came on.</summary>
    public IReadOnlyList<(int Connection, string Text)> Requests
    {
        get
        {
            lock (requests)
                return [.. requests];
        }
    }

    /// <summary>Until so many connections have been closed.</summary>
    public async Task ClosedAsync(int connections)
    {
        for (var last = 0; last < connections; last++)
            await closed.WaitAsync(over.Token);
        closed.Release(connections);
    }

    public async ValueTask DisposeAsync()
    {
        await over.CancelAsync();
        listener.Dispose();
        await accepting;
        over.Dispose();
        closed.Dispose();
    }

    async Task AcceptAsync()
    {
        var serving = new List<Task>();
        try
        {
            while (true)
                serving.Add(ServeAsync(await listener.AcceptTcpClientAsync(over.Token), ++connections));
        }
        catch (Exception ended) when (ended is OperationCanceledException or InvalidOperationException)
        {
            // Cancelled, or not listening any more, whichever is seen first.
            await Task.WhenAll(serving);
        }
    }

    async Task ServeAsync(TcpClient client, int connection)
    {
        using (client)
        {
            try
            {
                while (await ReadAsync(client.GetStream()) is { } request)
                {
                    string answer;
                    lock (requests)
                    {
                        answer = answers[Math.Min(requests.Count, answers.Length - 1)];
                        requests.Add((connection, request));
                    }
                    var closes = answer.EndsWith(Close, StringComparison.Ordinal);
                    var bytes = Encoding.Latin1.GetBytes(closes ? answer[..^Close.Length] : answer);
                    await client.GetStream().WriteAsync(bytes, over.Token);
                    if (closes)
                        return;
                }
            }
            catch (Exception ended) when (ended is IOException or OperationCanceledException)
            {
                // The gateway has hung up, or the test is over.
            }
            closed.Release();
        }
    }

    /// <summary>A request with its body; null where the connection ends.</summary>
    async Task<string?> ReadAsync(NetworkStream stream)
    {
        var text = "";
        var buffer = new byte[16_384];
        while (!IsWhole(text))
        {
            var read = await stream.ReadAsync(buffer, over.Token);
            if (read == 0)
                return null;
            text += Encoding.Latin1.GetString(buffer, 0, read);
        }
        return text;
    }

    static bool IsWhole(string text)
    {
        var head = text.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        if (head < 0)
            return false;
        if (text.Contains("Expect:", StringComparison.Ordinal))
            return true;
        if (text.Contains("\r\nTransfer-Encoding: chunked\r\n", StringComparison.Ordinal))
            return text.EndsWith("0\r\n\r\n", StringComparison.Ordinal);
        var length = LengthHeader().Match(text);
        return !length.Success || text.Length - head - 4 >= int.Parse(length.Groups["length"].Value, provider: null);
    }

    [GeneratedRegex("\r\nContent-Length: (?<length>[0-9]+)\r\n", RegexOptions.ExplicitCapture, 1_000)]
    private static partial Regex LengthHeader();
}

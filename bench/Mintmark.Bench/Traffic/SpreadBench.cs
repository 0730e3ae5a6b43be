using System.Diagnostics;
using System.Net.Sockets;
using System.Text.Json;
using Mintmark.Cli.Demo;
using Mintmark.Server;

namespace Mintmark.Bench.Traffic;

/// <summary>
/// From a person's halt to its being in force at every gateway, and to the answer that says so: a real control plane
/// with its log, one to four gateways.
/// </summary>
internal static class SpreadBench
{
    private const int Halts = 25;
    private static readonly int[] Counts = [1, 2, 4];

    public static async Task<IReadOnlyList<Figure>> RunAsync()
    {
        var figures = new List<Figure>();
        foreach (var count in Counts)
            figures.AddRange(await RunAsync(count));
        return figures;
    }

    private static async Task<IReadOnlyList<Figure>> RunAsync(int gateways)
    {
        var folder = Directory.CreateTempSubdirectory("mintmark-bench-").FullName;
        var program = Path.Combine(AppContext.BaseDirectory, "mint");
        var (effects, answers) = (new List<double>(), new List<double>());
        await using (var plane = new DemoPlane(folder, program, gateways))
        {
            await plane.StartAsync(CancellationToken.None);
            using var api = plane.Connect();
            using var watched = new Watched(Sockets(plane));
            // The first ones compile what the others measure.
            for (var i = -4; i < Halts; i++)
            {
                var began = Stopwatch.GetTimestamp();
                var path = i % 2 == 0 ? "/api/halt" : "/api/resume";
                var asking = api.PostAsync<HoldRequest, Done>(
                    path,
                    new HoldRequest(null, "bench", "bench"),
                    CancellationToken.None
                );
                var done = await asking;
                var took = Stopwatch.GetElapsedTime(began).TotalMilliseconds;
                if (!done.InForce)
                    throw new CannotMeasureException("a halt was not confirmed");
                var seen = await watched.SeenAsync(done.Revision, began);
                if (i < 0)
                    continue;
                effects.Add(seen);
                answers.Add(took);
            }
        }
        Directory.Delete(folder, recursive: true);
        effects.Sort();
        answers.Sort();
        var what = gateways == 1 ? "1 gateway" : $"{gateways} gateways";
        return
        [
            Figure.Reported($"halt to effect at {what}, median", CoreBench.Percentile(effects, 50), "ms"),
            Figure.AtMost($"halt to effect at {what}, slowest of {Halts}", effects[^1], "ms", 100),
            Figure.Reported($"halt to confirmation by {what}, median", CoreBench.Percentile(answers, 50), "ms"),
            Figure.AtMost($"halt to confirmation by {what}, slowest of {Halts}", answers[^1], "ms", 100),
        ];
    }

    private static IEnumerable<string> Sockets(DemoPlane plane) =>
        plane.Addresses.Gateways.Select(
            (gateway, i) =>
                Path.Combine(
                    i == 0 ? plane.Home.Gateway : Path.Combine(plane.Home.Gateways, $"{gateway.Port}"),
                    "control.sock"
                )
        );

    /// <summary>Asks each gateway again and again by which table it goes.</summary>
    private sealed class Watched : IDisposable
    {
        private readonly CancellationTokenSource over = new();
        private readonly List<Seen> gateways;

        public Watched(IEnumerable<string> sockets) => gateways = [.. sockets.Select(s => new Seen(s, over.Token))];

        /// <returns>Milliseconds until the last one of them went by that revision.</returns>
        public async Task<double> SeenAsync(long revision, long began)
        {
            var last = 0.0;
            foreach (var gateway in gateways)
                last = Math.Max(
                    last,
                    Stopwatch.GetElapsedTime(began, await gateway.SeenAsync(revision)).TotalMilliseconds
                );
            return last;
        }

        public void Dispose()
        {
            over.Cancel();
            gateways.ForEach(gateway => gateway.Dispose());
            over.Dispose();
        }
    }

    private sealed class Seen : IDisposable
    {
        private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(2);

        private readonly HttpClient control;
        private readonly SortedDictionary<long, long> first = [];
        private readonly Task watching;

        public Seen(string socket, CancellationToken ct)
        {
            control = new HttpClient(
                new SocketsHttpHandler
                {
                    ConnectCallback = async (_, connecting) =>
                    {
                        var connection = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                        await connection.ConnectAsync(new UnixDomainSocketEndPoint(socket), connecting);
                        return new NetworkStream(connection, ownsSocket: true);
                    },
                }
            )
            {
                BaseAddress = new Uri("http://gateway"),
            };
            watching = WatchAsync(ct);
        }

        /// <returns>The timestamp at which it was seen to go by that revision, or a later one.</returns>
        public async Task<long> SeenAsync(long revision)
        {
            while (true)
            {
                lock (first)
                {
                    foreach (var (seen, at) in first)
                    {
                        if (seen >= revision)
                            return at;
                    }
                }
                await Task.Delay(Pace);
            }
        }

        public void Dispose()
        {
            watching.GetAwaiter().GetResult();
            control.Dispose();
        }

        private async Task WatchAsync(CancellationToken ct)
        {
            try
            {
                while (true)
                {
                    using var table = JsonDocument.Parse(await control.GetByteArrayAsync("/table", ct));
                    var revision = table.RootElement.GetProperty("revision").GetInt64();
                    lock (first)
                        first.TryAdd(revision, Stopwatch.GetTimestamp());
                    await Task.Delay(Pace, ct);
                }
            }
            catch (OperationCanceledException)
            {
                // It is over.
            }
        }
    }
}

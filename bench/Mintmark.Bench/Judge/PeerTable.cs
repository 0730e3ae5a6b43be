using Mintmark.Bench.Judge.Peers;
using Mintmark.Releases;

namespace Mintmark.Bench.Judge;

/// <summary>The same streams, played to ours and to the peers' rules.</summary>
internal sealed class PeerTable(int seed, int runs)
{
    private const double Alpha = 1e-4;
    private const double Past = 0.001;

    /// <summary>A rule that finds fewer than this part of the bad releases is not compared on how soon.</summary>
    private const double Found = 0.95;

    private const double FewerThanFast = 10;
    private const double FewerThanDocumented = 1_000;

    private static readonly (string Name, bool Fast, Func<Share, IPeer> Make)[] Peers =
    [
        ("Argo fast", true, s => Argo.Fast(s.Fraction)),
        ("Flagger fast", true, s => Flagger.Fast(s.Fraction)),
        ("Kayenta fast", true, s => Kayenta.Fast(s.Fraction)),
        ("Argo docs", false, _ => Argo.Documented()),
        ("Flagger docs", false, _ => Flagger.Documented()),
        ("Kayenta docs", false, s => Kayenta.Documented(s.Fraction)),
    ];

    private int scenario;

    /// <param name="Condemned">Part of the runs.</param>
    internal readonly record struct Cell(double Condemned, int Count, double Bad, double Seconds);

    public sealed record Line(string Name, Cell Ours, IReadOnlyList<Cell> Peers)
    {
        /// <summary>Bad requests of the best fast rule that finds it, by ours.</summary>
        public double? OverFast => Over(fast: true, (a, b) => Math.Min(a, b));

        public double? OverDocumented => Over(fast: false, (a, b) => Math.Min(a, b));

        private double? Over(bool fast, Func<double, double, double> best)
        {
            var found = Peers.Where((p, i) => PeerTable.Peers[i].Fast == fast && p.Condemned >= Found).ToList();
            return Ours.Condemned < Found || found.Count == 0 ? null : found.Min(p => p.Bad) / Ours.Bad;
        }
    }

    /// <summary>Every share, rate of requests and rate of errors of the issue.</summary>
    public IReadOnlyList<Line> Bad() =>
        [
            .. from share in new[] { 100, 500, 5_000 }
            from requests in new[] { 2.0, 200, 20_000 }
            from rate in new[] { 0.002, 0.01, 0.05, 0.5, 1 }
            select Play(
                $"{share / 100.0, 3:0} % {requests, 7:N0}/s {rate, 7:P1}",
                new Share(share),
                Stream.Steady(requests, Past, rate),
                requests > 1_000 ? runs / 4 : runs
            ),
        ];

    public IReadOnlyList<Line> Good()
    {
        double Incident(int now) => now is >= 120 and < 240 ? 50 * Past : Past;
        double Drift(int now) => Past * (1 + 0.9 * Math.Sin(2 * Math.PI * now / 86_400 + 1)) * (1 + now / 600.0);
        (string, Stream)[] streams =
        [
            ("steady, 2/s", Stream.Steady(2, Past, Past)),
            ("steady, 200/s", Stream.Steady(200, Past, Past)),
            ("steady, 20,000/s", Stream.Steady(20_000, Past, Past)),
            ("slow drift, 200/s", new Stream(200, Drift, Drift)),
            ("incident at 50 times, 200/s", new Stream(200, Incident, Incident)),
            ("retries, 200/s", Stream.Steady(200, Past, Past) with { Retries = 2 }),
            ("one client, half of errors", Stream.Steady(200, Past, Past) with { Noisy = 0.5 }),
        ];
        return [.. streams.Select(s => Play(s.Item1, new Share(500), s.Item2, runs))];
    }

    public static void PrintBad(IReadOnlyList<Line> lines, TextWriter output)
    {
        output.WriteLine(
            "Bad requests served by a bad candidate until traffic is back, mean; (part found) where not all"
        );
        output.WriteLine("Each rule ends after its own time: ours and the fast ones hold the share for ten minutes");
        output.WriteLine($"{"share  requests  errors", -22}{"ours", 13}{Names()}");
        foreach (var l in lines)
            output.WriteLine($"{l.Name, -22}{Text(l.Ours), 13}{string.Concat(l.Peers.Select(p => $"{Text(p), 14}"))}");
        output.WriteLine("Seconds until traffic is back, mean");
        foreach (var l in lines.Where(l => l.Ours.Condemned > 0))
            output.WriteLine($"{l.Name, -22}{Time(l.Ours), 13}{string.Concat(l.Peers.Select(p => $"{Time(p), 14}"))}");
    }

    public static void PrintGood(IReadOnlyList<Line> lines, TextWriter output)
    {
        output.WriteLine("Good releases condemned at a share of 5 %, per cent, with the 95 % interval (Wilson)");
        output.WriteLine($"{"", -28}{"ours", 12}{Names()}");
        foreach (var l in lines)
            output.WriteLine(
                $"{l.Name, -28}{Interval(l.Ours), 12}{string.Concat(l.Peers.Select(p => $"{Interval(p), 14}"))}"
            );
    }

    /// <summary>
    /// The goals are held in each scenario or missed: sums over scenarios are those of the fastest streams. A rule that
    /// trips on single errors is sometimes sooner than any test can be that is wrong as seldom as ours; what it does to
    /// good releases stands beside it.
    /// </summary>
    public static IEnumerable<Figure> Figures(IReadOnlyList<Line> bad, IReadOnlyList<Line> good)
    {
        var fast = bad.Where(l => l.OverFast is not null).ToList();
        var documented = bad.Where(l => l.OverDocumented is not null).ToList();
        yield return All("10 times fewer bad than the best fast peer", fast, l => l.OverFast >= FewerThanFast);
        yield return Figure.Reported("  worst of these", fast.Min(l => l.OverFast!.Value), "times");
        yield return Figure.Reported("  median of these", Median(fast.Select(l => l.OverFast!.Value)), "times");
        yield return Figure.Reported("  where the peer serves fewer", fast.Count(l => l.OverFast < 1), "scenarios");
        yield return Figure.Reported(
            "  good condemned at 200/s by Argo or Flagger fast",
            100 * good[1].Peers.Take(2).Min(p => p.Condemned),
            "%, the fewer"
        );
        yield return All(
            "1,000 times fewer than the best documented",
            documented,
            l => l.OverDocumented >= FewerThanDocumented
        );
        yield return Figure.Reported("  worst of these", documented.Min(l => l.OverDocumented!.Value), "times");
        yield return Figure.Reported(
            "  median of these",
            Median(documented.Select(l => l.OverDocumented!.Value)),
            "times"
        );
        yield return Figure.Reported(
            $"ours: good releases condemned, of {good.Sum(l => l.Ours.Count):N0} played",
            good.Sum(l => Math.Round(l.Ours.Condemned * l.Ours.Count)),
            "releases"
        );
    }

    private static Figure All(string name, List<Line> lines, Func<Line, bool> holds) =>
        Figure.AtLeast(name, lines.Count(holds), "scenarios", lines.Count);

    private static double Median(IEnumerable<double> values) => values.Order().ElementAt(values.Count() / 2);

    private Line Play(string name, Share share, Stream stream, int times) =>
        new(
            name,
            Many(stream, times, draws => new Ours(share, draws, Alpha, Past)),
            [.. Peers.Select((p, i) => Many(stream, p.Fast ? times : Math.Max(20, times / 5), _ => p.Make(share)))]
        );

    private Cell Many(Stream stream, int times, Func<Draws, IPeer> peer)
    {
        var first = seed * 1_000_003 + ++scenario * 10_007;
        var played = new Run[times];
        Parallel.For(
            0,
            times,
            i =>
            {
                var draws = new Draws(unchecked(first + i));
                played[i] = stream.Play(peer(draws), draws);
            }
        );
        var condemned = played.Where(r => r.Stand == Stand.Condemned).ToList();
        return new(
            (double)condemned.Count / times,
            times,
            played.Average(r => (double)r.Bad),
            condemned.Count == 0 ? double.NaN : condemned.Average(r => r.Seconds)
        );
    }

    private static string Names() => string.Concat(Peers.Select(p => $"{p.Name, 14}"));

    private static string Text(Cell cell) =>
        Round(cell.Bad) + (cell.Condemned >= 1 ? "" : $" ({cell.Condemned:P0})".Replace(" %", "%"));

    private static string Time(Cell cell) => cell.Condemned < Found ? "-" : Round(cell.Seconds);

    private static string Round(double value) =>
        value switch
        {
            < 10 => $"{value:0.0}",
            < 1_000_000 => $"{value:N0}",
            _ => $"{value / 1e6:N1}M",
        };

    private static string Interval(Cell cell)
    {
        var (low, high) = Wilson(cell.Condemned, cell.Count);
        return $"{100 * low:0.#}-{100 * high:0.#}";
    }

    private static (double Low, double High) Wilson(double part, int n)
    {
        const double Z = 1.96;
        var middle = part + Z * Z / (2 * n);
        var half = Z * Math.Sqrt(part * (1 - part) / n + Z * Z / (4.0 * n * n));
        return (Math.Max(0, (middle - half) / (1 + Z * Z / n)), (middle + half) / (1 + Z * Z / n));
    }
}

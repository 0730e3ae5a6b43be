using System.Diagnostics;
using Mintmark.Log;
using Mintmark.Simulation;

namespace Mintmark.Bench;

/// <summary>Durable appends: hashed, under a signed checkpoint, on disk; beside the same bytes in a raw file.</summary>
internal static class AppendBench
{
    private const int EntryLength = 512;
    private const int Writers = 64;
    private const int Singles = 4_000;
    private const int Rounds = 4;

    public static async Task<IReadOnlyList<Figure>> RunAsync(string folder)
    {
        var entry = new byte[EntryLength];
        Array.Fill(entry, (byte)'x');
        using var key = LogKey.LoadOrCreate(Path.Combine(folder, "append.pem"));
        using var raw = new RawFile(Path.Combine(folder, "raw"));
        using var log = MerkleLog.Open(SqliteStorage.Open(Path.Combine(folder, "append.db")), key, "bench");
        using var server = Postgres();
        using var inPostgres = MerkleLog.Open(PostgresStorage.TryLead(server.NewDatabase())!, key, "bench");
        using var chain = new ChainTable(server.Connect("postgres"));
        var (rawSingle, single) = Alternating([raw.Append, b => log.Append(b)], entry) is [var a, var b]
            ? (a, b)
            : default;
        var rawMany = await GroupCommit.RunAsync(Writers, entry, raw.Append);
        var many = await GroupCommit.RunAsync(Writers, entry, batch => log.Append(batch));
        var postgres = await GroupCommit.RunAsync(Writers, entry, batch => inPostgres.Append(batch));
        var chained = await GroupCommit.RunAsync(Writers, entry, chain.Append);
        return
        [
            Figure.Reported("raw file: one entry and fdatasync, p50", rawSingle * 1e6, "us"),
            Figure.Reported("SQLite: single durable append, p50", single * 1e6, "us"),
            Figure.AtMost("SQLite: single append over one fdatasync", single / rawSingle, "x", 1.5),
            Figure.Reported("raw file: 512 B, 64 writers", rawMany.Rate, "1/s"),
            Figure.Reported("raw file: 64 writers, p99", rawMany.P99, "ms"),
            Figure.Reported("SQLite: 512 B, 64 writers", many.Rate, "1/s"),
            Figure.AtLeast("SQLite: share of the raw file's rate", 100 * many.Rate / rawMany.Rate, "%", 50),
            Figure.AtMost("SQLite: 64 writers, p99", many.P99, "ms", 3),
            Figure.Reported("PostgreSQL: 512 B, 64 writers", postgres.Rate, "1/s"),
            Figure.AtLeast("PostgreSQL: share of the raw file's rate", 100 * postgres.Rate / rawMany.Rate, "%", 24),
            Figure.Reported("PostgreSQL: 64 writers, p99", postgres.P99, "ms"),
            Figure.Reported("peer: hash chain in a PostgreSQL table", chained.Rate, "1/s"),
            Figure.Reported("peer: hash chain, p99", chained.P99, "ms"),
            .. Published,
        ];
    }

    /// <summary>What others say of theirs, on machines of their own: an order of magnitude, no comparison.</summary>
    private static IEnumerable<Figure> Published =>
        [
            // docs/performance.md of transparency-dev/tessera: no antispam; a 12-core VM with 8 GB, mirrored SAS disks.
            Figure.Reported("Tessera POSIX, published: 12 cores, SAS mirror", 2_900, "1/s"),
            // README of codenotary/immudb: embedded store, 1M entries, 50 workers in batches of 1,000.
            Figure.Reported("immudb embedded, published: E3-1275v6, SSD", 1_800_000, "1/s"),
        ];

    private static PrivatePostgres Postgres()
    {
        try
        {
            return new PrivatePostgres(isDurable: true);
        }
        catch (InvalidOperationException missing)
        {
            throw new CannotMeasureException(missing.Message);
        }
    }

    /// <summary>In turns, so that a disk that is slow for a while is slow for all.</summary>
    /// <returns>The median of each, in seconds.</returns>
    private static double[] Alternating(Action<IReadOnlyList<byte[]>>[] appends, byte[] entry)
    {
        var times = appends.Select(_ => new List<double>()).ToArray();
        for (var round = 0; round < Rounds; round++)
        {
            for (var i = 0; i < appends.Length; i++)
            {
                for (var n = 0; n < Singles / Rounds; n++)
                {
                    var began = Stopwatch.GetTimestamp();
                    appends[i]([entry]);
                    times[i].Add(Stopwatch.GetElapsedTime(began).TotalSeconds);
                }
            }
        }
        return [.. times.Select(CoreBench.Median)];
    }
}

using System.Diagnostics;
using Mintmark.Log;
using Mintmark.Releases;

namespace Mintmark.Bench;

/// <summary>Proofs and tiles of a log of 2^20 entries.</summary>
internal static class ProofBench
{
    private const int Leaves = 1 << 20;
    private const int Proofs = 500_000;
    private const int Served = 20_000;

    public static IReadOnlyList<Figure> Run(string folder)
    {
        var nodes = new TreeNodes();
        for (var i = 0; i < Leaves; i++)
            nodes.Append(Merkle.LeafHash(BitConverter.GetBytes(i)));
        var random = new Random(1);
        // A tree of this size has every proof ready; one of an entry less is the worst: all its right edge is open.
        var whole = PerSecond(Proofs, () => nodes.Inclusion(random.Next(Leaves), Leaves));
        var odd = PerSecond(Proofs, () => nodes.Inclusion(random.Next(Leaves - 1), Leaves - 1));
        var any = PerSecond(Proofs / 10, () => nodes.Consistency(random.Next(1, Leaves), Leaves - 1));
        var tile = PerSecond(
            Proofs / 10,
            () => nodes.Tile(new TileName(0, random.Next(Leaves / TileName.FullWidth), TileName.FullWidth))
        );
        return
        [
            Figure.AtLeast("inclusion proofs at 2^20 entries", Math.Min(whole, odd), "1/s", 200_000),
            Figure.Reported("consistency proofs to 2^20 - 1 entries", any, "1/s"),
            Figure.Reported("tiles of 256 hashes, from memory", tile, "1/s"),
            .. FromDisk(folder, random),
        ];
    }

    /// <summary>As the API serves them: bodies are read from SQLite and hashed again.</summary>
    private static IEnumerable<Figure> FromDisk(string folder, Random random)
    {
        const int entries = 1 << 16;
        var body = new byte[512];
        using var key = LogKey.LoadOrCreate(Path.Combine(folder, "proof.pem"));
        using var log = MerkleLog.Open(SqliteStorage.Open(Path.Combine(folder, "proof.db")), key, "bench");
        for (var i = 0; i < entries / TileName.FullWidth; i++)
            log.Append([.. Enumerable.Repeat(body, TileName.FullWidth)]);
        var proof = PerSecond(Served, () => log.Reader.Prove(random.Next(entries)));
        var bundles = entries / TileName.FullWidth;
        var bundle = PerSecond(
            Served / 10,
            () => log.Reader.Entries(new TileName(0, random.Next(bundles), TileName.FullWidth))
        );
        yield return Figure.Reported("proof files with their entry, from SQLite", proof, "1/s");
        yield return Figure.Reported("entry bundles of 256, from SQLite", bundle, "1/s");
    }

    private static double PerSecond(int times, Func<object?> make)
    {
        var began = Stopwatch.GetTimestamp();
        for (var i = 0; i < times; i++)
            Invariant.Require(make() is not null, "it is there");
        return times / Stopwatch.GetElapsedTime(began).TotalSeconds;
    }
}

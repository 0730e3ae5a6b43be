using System.Diagnostics;
using Mintmark.Log;
using Mintmark.Releases;

namespace Mintmark.Bench;

/// <summary>Every body hashed to its leaf, every leaf into the tree, the root held against the signed one.</summary>
internal static class VerifyBench
{
    private const int Entries = 1_000_000;
    private const int Rounds = 3;

    public static IReadOnlyList<Figure> Run()
    {
        var entries = SampleLog.Entries(Entries);
        var root = Root(entries);
        var fastest = Enumerable.Range(0, Rounds).Min(_ => Time(entries, root));
        return [Figure.AtLeast("verification of entries, one core", Entries / fastest, "1/s", 2_500_000)];
    }

    private static double Time(List<StoredEntry> entries, Hash root)
    {
        var began = Stopwatch.GetTimestamp();
        Invariant.Require(Root(entries) == root, "the same entries have the same root");
        return Stopwatch.GetElapsedTime(began).TotalSeconds;
    }

    private static Hash Root(List<StoredEntry> entries)
    {
        var tree = new MerkleTree();
        foreach (var entry in entries)
        {
            var leaf = Merkle.LeafHash(entry.Body);
            Invariant.Require(leaf == entry.Leaf, "a body hashes to its leaf");
            tree.Append(leaf);
        }
        return tree.Root;
    }
}

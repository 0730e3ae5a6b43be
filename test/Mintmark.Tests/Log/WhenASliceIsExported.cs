using Mintmark.Log;
using Xunit;

namespace Mintmark.Tests.Log;

public sealed class WhenASliceIsExported : IDisposable
{
    readonly LogFolder folder = new();

    string Slice => folder.In("slice");

    [Fact]
    public void EveryRangeOfEverySmallTreeIsProved()
    {
        var leaves = Trees.Leaves(33);
        var nodes = Trees.Nodes(leaves);
        foreach (var size in new[] { 1, 2, 7, 16, 21, 33 })
            for (var from = 0; from < size; from++)
            for (var to = from + 1; to <= size; to++)
            {
                var proof = RangeProof.Of(nodes, from, to, size);
                var root = RangeProof.RootOf(leaves[from..to], from, size, proof);
                Assert.Equal(Trees.Root(leaves.AsSpan(0, size)), root);
                Assert.NotEqual(root, RangeProof.RootOf(leaves[from..to], from, size, [.. proof, Merkle.EmptyRoot]));
                if (proof.Count > 0)
                    Assert.Null(RangeProof.RootOf(leaves[from..to], from, size, [.. proof.Skip(1)]));
                if (to - from > 1)
                    Assert.NotEqual(root, RangeProof.RootOf(leaves[(from + 1)..to], from, size, proof));
            }
    }

    [Theory]
    [InlineData(-1, 5)]
    [InlineData(5, 5)]
    [InlineData(long.MaxValue, long.MaxValue)]
    public void ARangeThatCannotBeIsNoAnswer(long from, long size) =>
        Assert.Null(RangeProof.RootOf([Merkle.EmptyRoot], from, size, []));

    [Theory]
    [InlineData(0, 20)]
    [InlineData(3, 4)]
    [InlineData(7, 19)]
    [InlineData(19, 20)]
    public void ItHoldsWithAllItsBodiesAndWithout(int from, int to)
    {
        folder.Fill(13, 7);
        foreach (var redacted in (Func<long, bool>[])[_ => false, i => i % 3 == 0, _ => true])
        {
            Write(from, to, redacted);
            var report = Verify();
            Assert.Empty(report.Findings);
            Assert.Equal((from, to, 20), (report.From, report.To, report.Size));
            Assert.Equal(Enumerable.Range(from, to - from).Count(i => redacted(i)), report.Redacted);
            Directory.Delete(Slice, recursive: true);
        }
    }

    [Fact]
    public void NoByteOfItCanBeAnother()
    {
        folder.Fill(13, 7);
        Write(4, 12, i => i is 5 or 9);
        foreach (var file in Directory.GetFiles(Slice))
        {
            var good = File.ReadAllBytes(file);
            for (var at = 0; at < good.Length; at++)
            {
                var bad = good.ToArray();
                bad[at] ^= (byte)(1 << at % 8);
                File.WriteAllBytes(file, bad);
                Assert.True(Verify().Findings.Count > 0, $"byte {at} of {Path.GetFileName(file)}");
            }
            File.Delete(file);
            Assert.NotEmpty(Verify().Findings);
            File.WriteAllBytes(file, [.. good, (byte)'\n']);
            Assert.NotEmpty(Verify().Findings);
            File.WriteAllBytes(file, good);
        }
        Assert.Empty(Verify().Findings);
        File.WriteAllText(Path.Combine(Slice, "more"), "");
        Assert.Equal("more", Assert.Single(Verify().Findings).File);
    }

    [Fact]
    public void AnEntryLeftOutIsNoticed()
    {
        folder.Fill(20);
        Write(4, 12, _ => true);
        var text = File.ReadAllText(Path.Combine(Slice, "slice"));
        var leaves = File.ReadAllBytes(Path.Combine(Slice, "leaves"));
        File.WriteAllText(
            Path.Combine(Slice, "slice"),
            text.Replace("entries 4 12", "entries 4 11", default).Replace("redacted 11\n", "", default)
        );
        File.WriteAllBytes(Path.Combine(Slice, "leaves"), leaves[..^32]);
        Assert.Equal("leaves", Assert.Single(Verify().Findings).File);
    }

    [Theory]
    [InlineData(-1, 3)]
    [InlineData(3, 3)]
    [InlineData(3, 21)]
    public void ARangeThatTheLogDoesNotHaveIsRefused(int from, int to)
    {
        folder.Fill(20);
        Assert.Throws<LogStorageException>(() => Write(from, to, _ => false));
        Assert.False(Path.Exists(Slice));
    }

    void Write(int from, int to, Func<long, bool> isRedacted)
    {
        using var storage = SqliteStorage.OpenReadOnly(folder.Database);
        LogSlice.Write(storage, folder.VerifierText, Slice, (from, to), isRedacted, null);
    }

    SliceReport Verify()
    {
        using var verifier = folder.Verifier();
        return LogSlice.Verify(Slice, verifier);
    }

    public void Dispose() => folder.Dispose();
}

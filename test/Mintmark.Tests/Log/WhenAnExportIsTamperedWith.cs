using Mintmark.Log;
using Xunit;

namespace Mintmark.Tests.Log;

public sealed class WhenAnExportIsTamperedWith : IDisposable
{
    const int Size = 600;

    readonly LogFolder folder = new();
    readonly LogVerifier verifier;

    public WhenAnExportIsTamperedWith()
    {
        verifier = folder.Verifier();
        folder.Fill(Size);
        using var storage = SqliteStorage.OpenReadOnly(folder.Database);
        LogExport.Write(storage, folder.VerifierText, Export);
    }

    string Export => folder.In("export");

    [Theory]
    [InlineData("key", 3)]
    [InlineData("checkpoint", 3)]
    [InlineData("tile/1/000.p/2", 3)]
    [InlineData("tile/0/000", 211)]
    [InlineData("tile/0/001", 307)]
    [InlineData("tile/0/002.p/88", 103)]
    public void AFlippedBitIsNamedWithItsFileAndEntry(string path, int stride)
    {
        var bytes = File.ReadAllBytes(In(path));
        for (var at = 0; at < bytes.Length; at += stride)
        {
            // All eight bits of some bytes, one bit of the others.
            for (var bit = at % 8; bit < 8; bit += at % 5 == 0 ? 1 : 8)
                AssertNamed(path, bytes, at, bit, EntryAt(path, at));
        }
    }

    [Theory]
    [InlineData("tile/entries/000", 97)]
    [InlineData("tile/entries/001", 389)]
    [InlineData("tile/entries/002.p/88", 131)]
    public void AFlippedBitInABundleIsNamedWithItsEntry(string path, int stride)
    {
        var bytes = File.ReadAllBytes(In(path));
        var first = int.Parse(path.AsSpan("tile/entries/".Length, 3)) * 256L;
        var owner = Owners(bytes, first);
        for (var at = 0; at < bytes.Length; at += stride)
            AssertNamed(path, bytes, at, at % 8, owner[at]);
    }

    [Fact]
    public void WithoutATrustedKeyAFlippedBitIsNamedJustAsWell()
    {
        foreach (var path in Files())
        {
            var bytes = File.ReadAllBytes(In(path));
            for (var at = 0; at < bytes.Length; at += bytes.Length / 7)
            {
                File.WriteAllBytes(In(path), Flipped(bytes, at, 3));
                Assert.NotEmpty(LogExport.Verify(Export, null).Findings);
            }
            File.WriteAllBytes(In(path), bytes);
        }
    }

    [Fact]
    public void AMissingACutAndALongerFileAreNamed()
    {
        foreach (var path in Files())
        {
            var bytes = File.ReadAllBytes(In(path));
            File.Delete(In(path));
            Assert.Contains(Findings(), finding => finding.File == path && finding.What == "it is missing");
            File.WriteAllBytes(In(path), bytes[..^1]);
            Assert.Contains(path, Findings().Select(finding => finding.File));
            File.WriteAllBytes(In(path), []);
            Assert.Contains(path, Findings().Select(finding => finding.File));
            File.WriteAllBytes(In(path), [.. bytes, (byte)'\n']);
            Assert.Contains(path, Findings().Select(finding => finding.File));
            File.WriteAllBytes(In(path), bytes);
        }
        Assert.Empty(Findings());
    }

    [Fact]
    public void AFileThatDoesNotBelongIsNamed()
    {
        File.WriteAllText(In("tile/0/.hidden"), "");
        Assert.Equal("tile/0/.hidden", Assert.Single(Findings()).File);
    }

    [Fact]
    public void AnEntryAndItsLeafAndItsTileMovedTogetherAreStillNoticed()
    {
        var bundle = File.ReadAllBytes(In("tile/entries/000"));
        bundle[20] ^= 1;
        var length = bundle[0] << 8 | bundle[1];
        Assert.True(length > 20, "the flip is in the first entry");
        var tile = File.ReadAllBytes(In("tile/0/000"));
        Merkle.LeafHash(bundle.AsSpan(2, length)).CopyTo(tile);
        File.WriteAllBytes(In("tile/entries/000"), bundle);
        File.WriteAllBytes(In("tile/0/000"), tile);

        Assert.Equal(
            [("checkpoint", null), ("tile/1/000.p/2", 0L)],
            Findings().Select(finding => (finding.File, finding.Index))
        );
    }

    [Fact]
    public void ATileAndItsBundleBothGoneEndTheVerificationInPlainWords()
    {
        File.Delete(In("tile/0/001"));
        File.Delete(In("tile/entries/001"));
        Assert.Equal([256L, 256L], Findings().Select(finding => finding.Index));
    }

    void AssertNamed(string path, byte[] bytes, int at, int bit, long? entry)
    {
        File.WriteAllBytes(In(path), Flipped(bytes, at, bit));
        var findings = Findings();
        File.WriteAllBytes(In(path), bytes);

        Assert.True(findings.Count > 0, $"{path}, byte {at}, bit {bit}: nothing was found");
        Assert.Equal((path, entry), (findings[0].File, findings[0].Index));
    }

    static long? EntryAt(string path, int at) =>
        path.Split('/') switch
        {
            ["tile", "0", var number, ..] => int.Parse(number.AsSpan(0, 3)) * 256 + at / 32,
            ["tile", "1", ..] => at / 32 * 256,
            _ => null,
        };

    /// <summary>The entry that each byte of a bundle belongs to, its length included.</summary>
    static long[] Owners(byte[] bundle, long first)
    {
        var owners = new long[bundle.Length];
        for (var at = 0; at < bundle.Length; first++)
        {
            var end = at + 2 + (bundle[at] << 8 | bundle[at + 1]);
            owners.AsSpan(at..end).Fill(first);
            at = end;
        }
        return owners;
    }

    static byte[] Flipped(byte[] bytes, int at, int bit)
    {
        byte[] copy = [.. bytes];
        copy[at] ^= (byte)(1 << bit);
        return copy;
    }

    IReadOnlyList<LogFinding> Findings() => LogExport.Verify(Export, verifier).Findings;

    IEnumerable<string> Files() =>
        Directory
            .EnumerateFiles(Export, "*", SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(Export, file))
            .Order(StringComparer.Ordinal)
            .ToList();

    string In(string path) => Path.Combine(Export, path);

    public void Dispose()
    {
        verifier.Dispose();
        folder.Dispose();
    }
}

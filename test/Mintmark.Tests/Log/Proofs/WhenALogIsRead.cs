using Mintmark.Log;
using Xunit;

namespace Mintmark.Tests.Log;

public sealed class WhenALogIsRead : IDisposable
{
    readonly LogFolder folder = new();

    [Fact]
    public void ItsProofsHoldUnderItsLatestCheckpointWhileItGrows()
    {
        using var verifier = folder.Verifier();
        using var storage = SqliteStorage.Open(folder.Database);
        using var log = MerkleLog.Open(storage, folder.Key, LogFolder.Origin);
        var reader = new LogReader(storage);
        Assert.Null(reader.Latest());
        Assert.Null(reader.Prove(0));
        foreach (var batch in new[] { 1, 3, 300, 7 })
        {
            log.Append(LogFolder.Bodies(log.Size, batch));
            var index = log.Size - batch;
            var proof = InclusionProof.Parse(reader.Prove(index)!.ToText());
            var checkpoint = proof.Open(verifier, Merkle.LeafHash(LogFolder.Body(index)));
            Assert.Equal((log.Size, log.Root), (checkpoint.Size, checkpoint.Root));
            Assert.Equal(log.SignedCheckpoint, reader.Latest()!.Value.Note);
        }
        Assert.Null(reader.Prove(log.Size));
        Assert.Null(reader.Consistency(3, log.Size + 1));
        Assert.Null(reader.Consistency(-1, 3));
    }

    [Fact]
    public void ItsTilesAreThoseOfTheExport()
    {
        folder.Fill(256, 256, 10);
        using var storage = SqliteStorage.OpenReadOnly(folder.Database);
        LogExport.Write(storage, folder.VerifierText, folder.In("export"));
        var reader = new LogReader(storage);
        var files = Directory.GetFiles(folder.In("export/tile"), "*", SearchOption.AllDirectories);
        Assert.Equal(7, files.Length);
        foreach (var file in files)
        {
            var parts = Path.GetRelativePath(folder.In("export/tile"), file).Split('/', 2);
            var name = TileName.Parse(parts[0], parts[1])!.Value;
            var served = parts[0] == "entries" ? reader.Entries(name) : reader.Tile(name);
            Assert.Equal(File.ReadAllBytes(file), served);
        }
    }

    [Theory]
    [InlineData("0", "000.p/11")]
    [InlineData("0", "001")]
    [InlineData("1", "000.p/1")]
    [InlineData("7", "000.p/127")]
    [InlineData("0", "x999/x999/x999/x999/999")]
    public void ATileThatTheTreeDoesNotHaveIsNotThere(string level, string path)
    {
        folder.Fill(10);
        using var storage = SqliteStorage.OpenReadOnly(folder.Database);
        var reader = new LogReader(storage);
        Assert.Null(reader.Tile(TileName.Parse(level, path)!.Value));
        Assert.NotNull(reader.Tile(new TileName(0, 0, 10)));
    }

    [Theory]
    [InlineData("0", "0")]
    [InlineData("0", "00")]
    [InlineData("0", "0000")]
    [InlineData("00", "000")]
    [InlineData("8", "000")]
    [InlineData("63", "000")]
    [InlineData("-1", "000")]
    [InlineData("entry", "000")]
    [InlineData("", "000")]
    [InlineData("0", "")]
    [InlineData("0", "x000/000")]
    [InlineData("0", "x001")]
    [InlineData("0", "001/002")]
    [InlineData("0", "000.p/0")]
    [InlineData("0", "000.p/256")]
    [InlineData("0", "000.p/01")]
    [InlineData("0", "000.p/+1")]
    [InlineData("0", "000.p/1.p/1")]
    [InlineData("0", "x999/x999/x999/x999/x999/x999/999")]
    [InlineData("7", "000")]
    [InlineData("7", "000.p/128")]
    [InlineData("0", "x999/x999/x999/x999/x999/999")]
    [InlineData("0", "٠٠٠")]
    [InlineData("0", "../000")]
    public void ATileHasOneName(string level, string path) => Assert.Null(TileName.Parse(level, path));

    [Fact]
    public void AnAlteredEntryIsNotGivenOut()
    {
        folder.Fill(10);
        using var storage = SqliteStorage.Open(folder.Database);
        var reader = new LogReader(storage);
        Assert.NotNull(reader.Entries(new TileName(0, 0, 10)));
        folder.Execute("UPDATE entry SET body = CAST('{}' AS BLOB) WHERE id = 4");
        Assert.Equal(4, Assert.Throws<LogCorruptException>(() => reader.Entries(new TileName(0, 0, 10))).Index);
        folder.Execute("UPDATE entry SET leaf = zeroblob(32) WHERE id = 4");
        Assert.Throws<LogCorruptException>(() => new LogReader(storage).Prove(3));
    }

    public void Dispose() => folder.Dispose();
}

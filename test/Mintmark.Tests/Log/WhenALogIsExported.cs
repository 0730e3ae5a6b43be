using Mintmark.Log;
using Xunit;

namespace Mintmark.Tests.Log;

public sealed class WhenALogIsExported : IDisposable
{
    readonly LogFolder folder = new();

    string Export => folder.In("export");

    [Theory]
    [InlineData(1, "tile/0/000.p/1 tile/entries/000.p/1")]
    [InlineData(255, "tile/0/000.p/255 tile/entries/000.p/255")]
    [InlineData(256, "tile/0/000 tile/1/000.p/1 tile/entries/000")]
    [InlineData(257, "tile/0/000 tile/0/001.p/1 tile/1/000.p/1 tile/entries/000 tile/entries/001.p/1")]
    [InlineData(512, "tile/0/000 tile/0/001 tile/1/000.p/2 tile/entries/000 tile/entries/001")]
    public void ItsFilesAreThoseOfATiledLog(int size, string files)
    {
        Write(size);

        Assert.Equal(
            $"checkpoint key {files}".Split(' '),
            Directory
                .EnumerateFiles(Export, "*", SearchOption.AllDirectories)
                .Select(file => Path.GetRelativePath(Export, file))
                .Order(StringComparer.Ordinal)
        );
        Assert.Empty(Verify(trusted: true).Findings);
        Assert.Empty(Verify(trusted: false).Findings);
        Assert.Equal(LogFolder.Bodies(0, size), LogExport.Read(Export).Select(entry => entry.Body));
    }

    [Fact]
    public void SeventyThousandEntriesMakeTheTilesOfTheSpecification()
    {
        using (var log = folder.Open())
            log.Append([.. Enumerable.Range(0, 70_000).Select(BitConverter.GetBytes)]);
        Write();

        Assert.Equal(273, Directory.GetFiles(Path.Combine(Export, "tile/0")).Length);
        Assert.Equal(112 * 32, new FileInfo(Path.Combine(Export, "tile/0/273.p/112")).Length);
        Assert.Equal(256 * 32, new FileInfo(Path.Combine(Export, "tile/1/000")).Length);
        Assert.Equal(17 * 32, new FileInfo(Path.Combine(Export, "tile/1/001.p/17")).Length);
        Assert.Equal(32, new FileInfo(Path.Combine(Export, "tile/2/000.p/1")).Length);
        var report = Verify(trusted: true);
        Assert.Equal((70_000, true), (report.Entries, report.Holds));
    }

    [Theory]
    [InlineData(0, 256, "tile/0/000")]
    [InlineData(999, 3, "tile/0/999.p/3")]
    [InlineData(1000, 256, "tile/0/x001/000")]
    [InlineData(1234067, 256, "tile/0/x001/x234/067")]
    [InlineData(1000000, 255, "tile/0/x001/x000/000.p/255")]
    public void TileNumbersAreGroupedByThreeDigits(long number, int width, string path) =>
        Assert.Equal(path, Tile.PathOf("0", number, width));

    [Fact]
    public void TheKeyThatOneTrustsDecides()
    {
        Write(3);
        using var other = LogKey.Create();
        using var stranger = LogVerifier.Parse(other.VerifierText(LogFolder.Origin));

        var findings = LogExport.Verify(Export, stranger).Findings;
        Assert.Equal(["key", "checkpoint"], findings.Select(finding => finding.File));
    }

    [Fact]
    public void AnEmptyLogIsNotExported()
    {
        using (folder.Open()) { }
        Assert.Contains("empty", Assert.Throws<LogStorageException>(Write).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AFolderThatIsThereIsLeftAlone()
    {
        folder.Fill(1);
        Directory.CreateDirectory(Export);
        Assert.Throws<LogStorageException>(Write);
        Assert.Empty(Directory.GetFileSystemEntries(Export));
    }

    [Fact]
    public void ADamagedLogIsNotExported()
    {
        folder.Fill(2);
        using (
            var connection = new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={folder.Database};Pooling=False")
        )
        {
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = "UPDATE entry SET body = x'00' WHERE id = 1";
            command.ExecuteNonQuery();
        }

        Assert.Equal(1, Assert.Throws<LogCorruptException>(Write).Index);
        Assert.False(Path.Exists(Export));
        Assert.False(Path.Exists(Export + ".partial"));
    }

    [Fact]
    public void WhatIsNoExportIsSaidToBeNone()
    {
        Assert.Throws<LogStorageException>(() => Verify(trusted: true));
        Directory.CreateDirectory(Export);
        Assert.Equal(["checkpoint"], Verify(trusted: true).Findings.Select(finding => finding.File));
        Assert.Throws<LogStorageException>(() => LogExport.Read(Export).Count());
    }

    void Write(int size)
    {
        folder.Fill(size);
        Write();
    }

    void Write()
    {
        using var storage = SqliteStorage.OpenReadOnly(folder.Database);
        LogExport.Write(storage, folder.VerifierText, Export);
    }

    LogReport Verify(bool trusted)
    {
        using var verifier = folder.Verifier();
        return LogExport.Verify(Export, trusted ? verifier : null);
    }

    public void Dispose() => folder.Dispose();
}

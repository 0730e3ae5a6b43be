using Microsoft.Data.Sqlite;
using Mintmark.Log;
using Xunit;

namespace Mintmark.Tests.Log;

public sealed class WhenTheDatabaseIsTamperedWith : IDisposable
{
    readonly LogFolder folder = new();

    public WhenTheDatabaseIsTamperedWith() => folder.Fill(1, 10, 5, 20, 4);

    [Theory]
    [InlineData("body")]
    [InlineData("leaf")]
    public void AFlippedBitInARowIsLocatedToTheEntry(string column)
    {
        foreach (var index in (long[])[0, 1, 10, 15, 35, 39])
        {
            var value = (byte[])Scalar($"SELECT {column} FROM entry WHERE id = {index}")!;
            for (var bit = 0; bit < value.Length * 8; bit += 29)
            {
                Set(column, index, Flipped(value, bit));
                Assert.Equal(index, Assert.Single(folder.Verify().Findings).Index);
            }
            AssertRefusesToOpen($"entry {index}: ");
            Set(column, index, value);
        }
        Assert.True(folder.Verify().Holds);
    }

    [Fact]
    public void AFlippedBitInAnyCheckpointIsLocatedToItsSize()
    {
        foreach (var size in (long[])[1, 11, 16, 36, 40])
        {
            var note = (byte[])Scalar($"SELECT note FROM checkpoint WHERE size = {size}")!;
            for (var bit = 0; bit < note.Length * 8; bit += 61)
            {
                SetNote(size, Flipped(note, bit));
                Assert.All(
                    Findings(),
                    what => Assert.Contains($"checkpoint of size {size}", what, StringComparison.Ordinal)
                );
            }
            SetNote(size, note);
        }
        Assert.True(folder.Verify().Holds);
    }

    [Fact]
    public void ABodyRewrittenWithItsLeafIsLocatedToItsBatch()
    {
        Rewrite(20);

        var finding = Assert.Single(folder.Verify().Findings);
        Assert.Contains("entries 16 to 35", finding.What, StringComparison.Ordinal);
        Assert.Equal(16, finding.Index);
        AssertRefusesToOpen("entry 16: ");
    }

    [Fact]
    public void SeveralAlterationsAreEachLocated()
    {
        Set("body", 3, [1]);
        Set("leaf", 12, Merkle.LeafHash([2]).ToArray());
        Rewrite(38);

        Assert.Equal([3L, 12L, 36L], folder.Verify().Findings.Select(finding => finding.Index));
    }

    [Fact]
    public void AMissingEntryIsNamed()
    {
        Execute("DELETE FROM entry WHERE id = 17");
        Assert.Equal(17, Assert.Single(folder.Verify().Findings).Index);
        AssertRefusesToOpen("entry 17: it is missing");
    }

    [Fact]
    public void ALogCutOffBelowItsCheckpointIsNoticed()
    {
        File.Delete(folder.Database + "-acknowledged");
        Execute("DELETE FROM entry WHERE id >= 38");
        Assert.Equal(38, Assert.Single(folder.Verify().Findings).Index);
        AssertRefusesToOpen("entry 38: it is missing");
    }

    [Fact]
    public void ALogCutBackToAnOlderCheckpointIsNoticed()
    {
        Execute("DELETE FROM entry WHERE id >= 36");
        Execute("DELETE FROM checkpoint WHERE size > 36");
        AssertRefusesToOpen("entry 36: it is missing: 40 entries were acknowledged");
        Assert.Equal(36, Assert.Throws<LogCorruptException>(() => folder.Verify()).Index);
    }

    [Fact]
    public void AFlippedBitInTheAcknowledgedSizeIsNamed()
    {
        var path = folder.Database + "-acknowledged";
        var bytes = File.ReadAllBytes(path);
        for (var bit = 0; bit < bytes.Length * 8; bit++)
        {
            File.WriteAllBytes(path, Flipped(bytes, bit));
            AssertRefusesToOpen($"{path} is damaged");
        }
    }

    [Fact]
    public void AnEntryThatNobodySignedForIsNoticed()
    {
        Execute("INSERT INTO entry SELECT 40, body, leaf FROM entry WHERE id = 0");
        Assert.Equal(40, Assert.Single(folder.Verify().Findings).Index);
        AssertRefusesToOpen("entry 40: ");
    }

    [Fact]
    public void AnEntryMovedToAnotherIndexIsNoticed()
    {
        Execute(
            "UPDATE entry SET id = -1 WHERE id = 7; UPDATE entry SET id = 7 WHERE id = 8; "
                + "UPDATE entry SET id = 8 WHERE id = -1"
        );
        Assert.Equal(1, Assert.Single(folder.Verify().Findings).Index);
        AssertRefusesToOpen("entry 1: one or more of the entries 1 to 10");
    }

    [Fact]
    public void ACheckpointFiledUnderAnotherSizeIsNoticed()
    {
        Execute("UPDATE checkpoint SET size = 12 WHERE size = 11");
        Assert.Contains("checkpoint of size 12 says 11", Assert.Single(Findings()), StringComparison.Ordinal);
    }

    [Fact]
    public void CheckpointsThatAreGoneAreNoticed()
    {
        Execute("DELETE FROM checkpoint");
        Assert.Equal(0, Assert.Single(folder.Verify().Findings).Index);
        AssertRefusesToOpen("entry 0: ");
    }

    [Fact]
    public void AFlippedBitAnywhereInTheFileIsNoticedOrChangesNothing()
    {
        var file = File.ReadAllBytes(folder.Database);
        var noticed = 0;
        for (var at = 0; at < file.Length; at += 101)
        {
            var flipped = Flipped(file, at * 8 + at % 8);
            File.WriteAllBytes(folder.Database, flipped);
            noticed += IsNoticed() ? 1 : 0;
            File.Delete(folder.Database + "-wal");
            File.Delete(folder.Database + "-shm");
        }
        Assert.True(noticed > 40, $"{noticed} of the flips were in use");
    }

    [Theory]
    [InlineData("not a database at all, but a text that is long enough to be read as one")]
    [InlineData("SQLite format 3\0")]
    public void AFileOfAnotherKindIsRefusedInPlainWords(string content)
    {
        File.WriteAllText(folder.Database, content);
        Assert.Contains(
            "is damaged or not a log",
            Assert.Throws<LogCorruptException>(() => SqliteStorage.Open(folder.Database)).Message,
            StringComparison.Ordinal
        );
        Assert.Throws<LogCorruptException>(() => SqliteStorage.OpenReadOnly(folder.Database));
    }

    [Fact]
    public void ADatabaseOfAnotherProgramIsRefusedInPlainWords()
    {
        Execute("PRAGMA user_version = 7");
        Assert.Contains(
            "is not a log of this program",
            Assert.Throws<LogCorruptException>(() => SqliteStorage.Open(folder.Database)).Message,
            StringComparison.Ordinal
        );
    }

    // No other exception may come out, and a log that verifies must hold what was appended.
    bool IsNoticed()
    {
        try
        {
            if (!folder.Verify().Holds)
                return true;
        }
        catch (LogCorruptException)
        {
            return true;
        }
        using var log = folder.Open();
        Assert.Equal(LogFolder.Bodies(0, 40), log.Read(0).Select(entry => entry.Body));
        return false;
    }

    void AssertRefusesToOpen(string what) =>
        Assert.StartsWith(
            what,
            Assert.Throws<LogCorruptException>(() => folder.Open()).Message,
            StringComparison.Ordinal
        );

    void Rewrite(long index)
    {
        Set("body", index, [9, 9, 9]);
        Set("leaf", index, Merkle.LeafHash([9, 9, 9]).ToArray());
    }

    IEnumerable<string> Findings()
    {
        var findings = folder.Verify().Findings;
        Assert.NotEmpty(findings);
        return findings.Select(finding => finding.What);
    }

    static byte[] Flipped(byte[] bytes, int bit)
    {
        byte[] copy = [.. bytes];
        copy[bit / 8] ^= (byte)(1 << bit % 8);
        return copy;
    }

    void Set(string column, long index, byte[] value) =>
        Execute($"UPDATE entry SET {column} = x'{Convert.ToHexString(value)}' WHERE id = {index}");

    void SetNote(long size, byte[] value) =>
        Execute($"UPDATE checkpoint SET note = x'{Convert.ToHexString(value)}' WHERE size = {size}");

    void Execute(string sql) => _ = Scalar(sql);

    object? Scalar(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={folder.Database};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar();
    }

    public void Dispose() => folder.Dispose();
}

using Mintmark.Log;
using Xunit;

namespace Mintmark.Tests.Log;

public sealed class WhenStorageFails : IDisposable
{
    readonly LogFolder folder = new();

    [Fact]
    public void AFullDiskLeavesTheLogAsItWas()
    {
        folder.Fill(10);
        using var log = MerkleLog.Open(SqliteStorage.Open(folder.Database, maxPages: 20), folder.Key, LogFolder.Origin);
        var (root, checkpoint) = (log.Root, log.SignedCheckpoint);

        for (var attempt = 0; attempt < 3; attempt++)
        {
            var failure = Assert.Throws<LogStorageException>(() => log.Append(Large(20)));
            Assert.Contains("Free some disk space", failure.Message, StringComparison.Ordinal);
            Assert.Equal((10, root, checkpoint), (log.Size, log.Root, log.SignedCheckpoint));
            Assert.Equal(10, log.Read(0).Count());
        }

        Assert.Equal(10, log.Append(LogFolder.Bodies(10, 5)));
        Assert.Equal((15, true), (folder.Verify().Entries, folder.Verify().Holds));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void AnOpenOutcomeStopsTheWriterUntilTheLogIsOpenedAgain(bool persisted)
    {
        folder.Fill(4);
        var storage = new FailingStorage(SqliteStorage.Open(folder.Database));
        using (var log = MerkleLog.Open(storage, folder.Key, LogFolder.Origin))
        {
            storage.NextIsPersisted = persisted;
            Assert.Throws<LogAmbiguousException>(() => log.Append(LogFolder.Bodies(4, 2)));
            Assert.Throws<LogAmbiguousException>(() => log.Append(LogFolder.Bodies(4, 2)));
            Assert.Equal(4, log.Size);
        }

        using var again = folder.Open();
        Assert.Equal(persisted ? 6 : 4, again.Size);
        Assert.Equal(again.Size, again.Append(LogFolder.Bodies(again.Size, 1)));
    }

    [Fact]
    public void AFolderInPlaceOfTheFileIsAClearFailure()
    {
        Directory.CreateDirectory(folder.Database);
        Assert.Contains(
            folder.Database,
            Assert.Throws<LogStorageException>(() => SqliteStorage.Open(folder.Database)).Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void AFileThatIsNotThereIsNotMadeByAReader()
    {
        Assert.Throws<LogStorageException>(() => SqliteStorage.OpenReadOnly(folder.Database));
        Assert.False(File.Exists(folder.Database));
    }

    static byte[][] Large(int count) => [.. Enumerable.Range(0, count).Select(_ => new byte[10_000])];

    /// <summary>Fails at the commit, after or before it took effect.</summary>
    sealed class FailingStorage(ILogStorage inner) : ILogStorage
    {
        public bool? NextIsPersisted { get; set; }

        public long Size => inner.Size;

        public string? Checkpoint => inner.Checkpoint;

        public void Append(long expectedSize, IReadOnlyList<StoredEntry> entries, string checkpoint)
        {
            if (NextIsPersisted is not false)
                inner.Append(expectedSize, entries, checkpoint);
            if (NextIsPersisted is not null)
                throw new LogAmbiguousException("the disk did not say");
        }

        public IEnumerable<StoredEntry> Read(long from) => inner.Read(from);

        public IEnumerable<(long Size, string Checkpoint)> Checkpoints(long from = 0) => inner.Checkpoints(from);

        public void Dispose() => inner.Dispose();
    }

    public void Dispose() => folder.Dispose();
}

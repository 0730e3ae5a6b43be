using Mintmark.Log;
using Xunit;

namespace Mintmark.Tests.Log;

public sealed class WhenABatchIsAppended : IDisposable
{
    readonly LogFolder folder = new();

    [Fact]
    public void ItGetsOneCheckpoint()
    {
        folder.Fill(100, 1, 7);
        using var storage = SqliteStorage.OpenReadOnly(folder.Database);
        using var verifier = folder.Verifier();

        Assert.Equal([100L, 101L, 108L], storage.Checkpoints().Select(row => row.Size));
        Assert.All(storage.Checkpoints(), row => Assert.Equal(row.Size, verifier.Open(row.Checkpoint).Size));
    }

    [Fact]
    public void TheLongestEntryIsTakenAndALongerOneIsNot()
    {
        using var log = folder.Open();
        log.Append([new byte[MerkleLog.MaxEntryLength]]);
        var (root, checkpoint) = (log.Root, log.SignedCheckpoint);

        var refusal = Assert.Throws<ArgumentException>(() =>
            log.Append([
                [1],
                new byte[MerkleLog.MaxEntryLength + 1],
            ])
        );

        Assert.Contains("entry 2 is 65536 bytes long", refusal.Message, StringComparison.Ordinal);
        Assert.Equal((1, root, checkpoint), (log.Size, log.Root, log.SignedCheckpoint));
        Assert.Single(log.Read(0));
    }

    [Fact]
    public void ASecondWriterNeverInterleaves()
    {
        using var log = folder.Open();
        using var other = folder.Open();
        log.Append(LogFolder.Bodies(0, 2));

        var refusal = Assert.Throws<LogStorageException>(() => other.Append(LogFolder.Bodies(0, 3)));

        Assert.Contains("holds 2 entries where 0 were expected", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(0, other.Size);
        Assert.Equal(2, log.Append(LogFolder.Bodies(2, 1)));
        Assert.True(folder.Verify().Holds);
    }

    [Fact]
    public void AReaderSeesTheLogAsItWasWhenItOpenedIt()
    {
        using var log = folder.Open();
        log.Append(LogFolder.Bodies(0, 2));
        using var snapshot = SqliteStorage.OpenReadOnly(folder.Database);
        log.Append(LogFolder.Bodies(2, 2));
        using var later = SqliteStorage.OpenReadOnly(folder.Database);

        using var verifier = folder.Verifier();
        var (before, after) = (LogVerification.Verify(snapshot, verifier), LogVerification.Verify(later, verifier));
        Assert.Equal((2, 4), (before.Entries, after.Entries));
        Assert.Empty(before.Findings.Concat(after.Findings));
        Assert.Throws<LogStorageException>(() => snapshot.Append(2, [], "note"));
    }

    [Fact]
    public void AReadThatBeganGoesOnUndisturbed()
    {
        using var log = folder.Open();
        log.Append(LogFolder.Bodies(0, 3));
        var seen = 0L;
        foreach (var entry in log.Read(0))
        {
            Assert.Equal(seen++, entry.Index);
            log.Append(LogFolder.Bodies(log.Size, 1));
        }
        Assert.Equal((3, 6), (seen, log.Size));
    }

    public void Dispose() => folder.Dispose();
}

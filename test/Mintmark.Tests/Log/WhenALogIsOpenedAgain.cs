using Mintmark.Log;
using Xunit;

namespace Mintmark.Tests.Log;

public sealed class WhenALogIsOpenedAgain : IDisposable
{
    readonly LogFolder folder = new();

    [Fact]
    public void ItHoldsWhatWasAppended()
    {
        Hash root;
        string? checkpoint;
        using (var log = folder.Open())
        {
            Assert.Equal((0, Merkle.EmptyRoot, null), (log.Size, log.Root, log.SignedCheckpoint));
            Assert.Equal(0, log.Append(LogFolder.Bodies(0, 3)));
            Assert.Equal(3, log.Append(LogFolder.Bodies(3, 1)));
            (root, checkpoint) = (log.Root, log.SignedCheckpoint);
        }

        using var again = folder.Open();
        Assert.Equal((4, root, checkpoint), (again.Size, again.Root, again.SignedCheckpoint));
        Assert.Equal(LogFolder.Bodies(0, 4), again.Read(0).Select(entry => entry.Body));
        Assert.Equal([2L, 3L], again.Read(2).Select(entry => entry.Index));
        using var verifier = folder.Verifier();
        Assert.Equal(new Checkpoint(LogFolder.Origin, 4, root), verifier.Open(checkpoint!));
    }

    [Fact]
    public void AnEmptyBatchChangesNothing()
    {
        using var log = folder.Open();
        log.Append(LogFolder.Bodies(0, 2));
        var checkpoint = log.SignedCheckpoint;

        Assert.Equal(2, log.Append([]));
        Assert.Equal((2, checkpoint), (log.Size, log.SignedCheckpoint));
    }

    [Fact]
    public void ItIsReadableByItsOwnerOnly()
    {
        folder.Fill(1);
        foreach (var file in (string[])[folder.Database, folder.In("log.key")])
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
    }

    [Fact]
    public void AnotherKeyIsRefused()
    {
        folder.Fill(2);
        using var other = LogKey.Create();
        using var storage = SqliteStorage.Open(folder.Database);

        var refusal = Assert.Throws<LogCorruptException>(() => MerkleLog.Open(storage, other, LogFolder.Origin));
        Assert.Contains("and not by", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AnotherOriginIsRefused()
    {
        folder.Fill(2);
        using var storage = SqliteStorage.Open(folder.Database);

        Assert.Throws<LogCorruptException>(() => MerkleLog.Open(storage, folder.Key, "mintmark.test/other"));
    }

    public void Dispose() => folder.Dispose();
}

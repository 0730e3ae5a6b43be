using Mintmark.Log;
using Xunit;

namespace Mintmark.Tests.Log.Storage;

/// <summary>What every storage must do; its subclasses run these on each.</summary>
public abstract class StorageContract : IDisposable
{
    private readonly LogFolder folder = new();

    private protected LogFolder Folder => folder;

    protected abstract ILogStorage Open();

    protected abstract ILogStorage OpenReadOnly();

    [Fact]
    public void WhatWasAppendedIsThereAfterItIsOpenedAgain()
    {
        Hash root;
        using (var log = MerkleLog.Open(Open(), folder.Key, LogFolder.Origin))
        {
            log.Append(LogFolder.Bodies(0, 3));
            log.Append(LogFolder.Bodies(3, 1));
            log.Append(LogFolder.Bodies(4, 300));
            root = log.Root;
        }

        using var again = MerkleLog.Open(Open(), folder.Key, LogFolder.Origin);
        Assert.Equal((304, root), (again.Size, again.Root));
        Assert.Equal(LogFolder.Bodies(0, 304), again.Read(0).Select(e => e.Body));
        Assert.Equal([302L, 303L], again.Read(302).Select(e => e.Index));
        Assert.Empty(again.Read(304));
        Assert.Equal(304, again.Append(LogFolder.Bodies(304, 1)));
    }

    [Fact]
    public void EveryBatchHasItsCheckpoint()
    {
        Fill(3, 1, 5);

        using var reader = OpenReadOnly();
        using var verifier = folder.Verifier();
        Assert.Equal([3L, 4L, 9L], reader.Checkpoints().Select(c => c.Size));
        Assert.Equal([4L, 9L], reader.Checkpoints(4).Select(c => c.Size));
        Assert.Equal(reader.Checkpoint, reader.Checkpoints(9).Single().Checkpoint);
        Assert.All(reader.Checkpoints(), c => Assert.Equal(c.Size, verifier.Open(c.Checkpoint).Size));
    }

    [Fact]
    public void AReaderSeesOneMomentWhileTheWriterGoesOn()
    {
        using var log = MerkleLog.Open(Open(), folder.Key, LogFolder.Origin);
        log.Append(LogFolder.Bodies(0, 5));
        using var reader = OpenReadOnly();
        log.Append(LogFolder.Bodies(5, 5));

        using var verifier = folder.Verifier();
        var report = LogVerification.Verify(reader, verifier);
        Assert.Equal((5, 5, true), (reader.Size, report.Entries, report.Holds));
        using var later = OpenReadOnly();
        Assert.Equal((10, 10), (later.Size, later.Read(0).Count()));
    }

    [Fact]
    public void TheLongestEntryIsTaken()
    {
        using (var log = MerkleLog.Open(Open(), folder.Key, LogFolder.Origin))
            log.Append([new byte[MerkleLog.MaxEntryLength], []]);

        using var reader = OpenReadOnly();
        Assert.Equal([MerkleLog.MaxEntryLength, 0], reader.Read(0).Select(e => e.Body.Length));
    }

    [Fact]
    public void AnAppendToAnotherSizeWritesNothing()
    {
        Fill(3);
        using var storage = Open();
        var body = LogFolder.Body(7);

        Assert.Throws<LogStorageException>(() =>
            storage.Append(7, [new StoredEntry(7, body, Merkle.LeafHash(body))], "note")
        );

        Assert.Equal(3, storage.Size);
        using var log = MerkleLog.Open(storage, folder.Key, LogFolder.Origin);
        Assert.Equal(3, log.Append(LogFolder.Bodies(3, 2)));
    }

    [Fact]
    public void AReaderTakesNoAppend()
    {
        Fill(1);
        using var reader = OpenReadOnly();

        var refusal = Assert.Throws<LogStorageException>(() => reader.Append(1, [], "note"));
        Assert.Contains("reading only", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void WhereThereIsNoLogAReaderMakesNone()
    {
        Assert.Throws<LogStorageException>(OpenReadOnly);
        Assert.Throws<LogStorageException>(OpenReadOnly);
    }

    private protected void Fill(params ReadOnlySpan<int> batches)
    {
        using var log = MerkleLog.Open(Open(), folder.Key, LogFolder.Origin);
        foreach (var size in batches)
            log.Append(LogFolder.Bodies(log.Size, size));
    }

    public void Dispose()
    {
        folder.Dispose();
        GC.SuppressFinalize(this);
    }
}

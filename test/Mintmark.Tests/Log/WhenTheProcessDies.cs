using Mintmark.Log;
using Xunit;

namespace Mintmark.Tests.Log;

public sealed class WhenTheProcessDies : IDisposable
{
    readonly LogFolder folder = new();

    [Fact]
    public void WhatWasAcknowledgedIsThereAndNothingElse()
    {
        using var log = folder.Open();
        for (var batch = 1; batch <= 8; batch++)
        {
            log.Append(LogFolder.Bodies(log.Size, batch));
            using var after = Copy($"killed-{batch}", int.MaxValue);
            Assert.Equal((log.Size, log.Root, log.SignedCheckpoint), (after.Size, after.Root, after.SignedCheckpoint));
        }
    }

    [Fact]
    public void AWriteThatWasCutOffAnywhereLeavesWholeBatches()
    {
        using var log = folder.Open();
        var ends = new HashSet<long> { 0 };
        for (var batch = 1; batch <= 4; batch++)
            ends.Add(log.Append(LogFolder.Bodies(log.Size, batch * 10)) + batch * 10);
        var length = (int)new FileInfo(folder.Database + "-wal").Length;

        var sizes = new List<long>();
        for (var cut = 0; cut <= length; cut += 997)
        {
            using var after = Copy($"cut-{cut}", cut);
            sizes.Add(after.Size);
        }

        Assert.Subset(ends, sizes.ToHashSet());
        Assert.Equal(sizes.Order(), sizes);
        Assert.True(sizes.Distinct().Count() > 2, "the cuts met several batches");
    }

    [Fact]
    public void ADamagedTailIsNoTornWriteAndIsRefused()
    {
        using var log = folder.Open();
        for (var batch = 0; batch < 5; batch++)
            log.Append(LogFolder.Bodies(log.Size, 3));
        var wal = File.ReadAllBytes(folder.Database + "-wal");

        for (var at = 0; at < wal.Length; at += 1009)
        {
            var name = $"flipped-{at}";
            CopyFiles(name, int.MaxValue);
            File.Copy(folder.Database + "-acknowledged", folder.In(name) + "-acknowledged");
            wal[at] ^= 1;
            File.WriteAllBytes(folder.In(name) + "-wal", wal);
            wal[at] ^= 1;
            var refusal = Assert.Throws<LogCorruptException>(() => SqliteStorage.Open(folder.In(name)));
            Assert.Contains("15 entries were acknowledged", refusal.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void WhatWasCommittedButNotYetAcknowledgedIsKept()
    {
        using (var log = folder.Open())
        {
            log.Append(LogFolder.Bodies(0, 2));
            File.Copy(folder.Database + "-acknowledged", folder.In("earlier"));
            log.Append(LogFolder.Bodies(2, 2));
        }
        File.Copy(folder.In("earlier"), folder.Database + "-acknowledged", overwrite: true);

        using (var again = folder.Open())
            Assert.Equal(4, again.Size);
        Assert.StartsWith(
            "0000000000000000004 ",
            File.ReadAllText(folder.Database + "-acknowledged"),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void AReaderRecoversTheFileJustAsWell()
    {
        using var log = folder.Open();
        log.Append(LogFolder.Bodies(0, 5));
        CopyFiles("killed", int.MaxValue);

        using var storage = SqliteStorage.OpenReadOnly(folder.In("killed"));
        using var verifier = folder.Verifier();
        var report = LogVerification.Verify(storage, verifier);
        Assert.Equal((5, true), (report.Entries, report.Holds));
    }

    MerkleLog Copy(string name, int walLength)
    {
        CopyFiles(name, walLength);
        return MerkleLog.Open(SqliteStorage.Open(folder.In(name)), folder.Key, LogFolder.Origin);
    }

    // What a killed process leaves: both files as they are; SQLite's shared memory does not survive it.
    void CopyFiles(string name, int walLength)
    {
        File.Copy(folder.Database, folder.In(name));
        var wal = File.ReadAllBytes(folder.Database + "-wal");
        File.WriteAllBytes(folder.In(name) + "-wal", wal[..Math.Min(walLength, wal.Length)]);
    }

    public void Dispose() => folder.Dispose();
}

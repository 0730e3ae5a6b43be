using Mintmark.Log;
using Xunit;

namespace Mintmark.Tests.Log.Storage;

/// <summary>
/// What a crash can leave of SQLite's files: writes since the last flush may be there, missing, cut short or in any
/// order. After each, the log goes on with whole batches, none of those flushed missing, or refuses and says why.
/// </summary>
public sealed class WhenEveryWriteMayFail : IDisposable
{
    private const int WalHeader = 32;
    private const int FrameHeader = 24;
    private const int Page = 4_096;
    private const int Frame = FrameHeader + Page;

    private readonly LogFolder folder = new();
    private readonly List<long> ends = [0];
    private readonly List<int> walLengths = [0];
    private byte[] database = [];
    private byte[] wal = [];
    private byte[] moved = [];
    private int crashes;

    [Fact]
    public void AWriteAheadLogMayEndAtEveryFrameAndInsideEachPartOfOne()
    {
        Live(3, 40, 1, 25);
        for (var frame = WalHeader; frame <= wal.Length; frame += Frame)
        {
            foreach (var more in (int[])[-1, 0, 1, FrameHeader - 1, FrameHeader, FrameHeader + 1, Page / 2])
            {
                var length = Math.Clamp(frame + more, 0, wal.Length);
                Check(database, wal[..length], FlushedIn(length));
            }
        }
    }

    [Fact]
    public void OfTheLastBatchAnyFramesMayBeMissingOrTorn()
    {
        Live(3, 40, 25);
        var (start, flushed) = (walLengths[^2], ends[^2]);
        var frames = (wal.Length - start) / Frame;
        Assert.InRange(frames, 3, 16);
        for (var missing = 1; missing < 1 << frames; missing += frames > 8 ? 37 : 1)
        {
            var left = (byte[])wal.Clone();
            for (var i = 0; i < frames; i++)
            {
                if ((missing >> i & 1) == 1)
                    Array.Clear(left, start + (i * Frame), missing % 3 == 0 ? Frame / 2 : Frame);
            }
            Check(database, left, flushed);
        }
    }

    [Fact]
    public void AMoveIntoTheDatabaseMayStopAnywhereInAnyOrder()
    {
        Live(3, 40, 1, 25);
        var random = new Random(1);
        for (var round = 0; round < 100; round++)
        {
            var half = new byte[moved.Length];
            database.CopyTo(half, 0);
            for (var at = 0; at < half.Length; at += Page)
            {
                // Not there, whole, or its first half: the write-ahead log has them all and is let go of last.
                var length = random.Next(3) switch
                {
                    0 => 0,
                    1 => Page,
                    _ => Page / 2,
                };
                moved.AsSpan(at, length).CopyTo(half.AsSpan(at));
            }
            Check(half[..(Page * random.Next(1, 1 + (half.Length / Page)))], wal, ends[^1]);
        }
    }

    [Fact]
    public void WhatWasAcknowledgedAndIsGoneIsNeverPassedOver()
    {
        Live(3, 40, 1);
        var acknowledged = File.ReadAllBytes(folder.Database + "-acknowledged");
        for (var frame = WalHeader; frame < wal.Length; frame += Frame)
        {
            var path = Leave(database, wal[..frame]);
            File.WriteAllBytes(path + "-acknowledged", acknowledged);
            var refusal = Assert.Throws<LogCorruptException>(() => SqliteStorage.Open(path));
            Assert.Contains("44 entries were acknowledged", refusal.Message, StringComparison.Ordinal);
        }
    }

    /// <summary>Batches of these sizes; what the files hold before and after SQLite has moved them.</summary>
    private void Live(params ReadOnlySpan<int> batches)
    {
        using (var log = folder.Open())
        {
            foreach (var size in batches)
            {
                log.Append(LogFolder.Bodies(log.Size, size));
                ends.Add(log.Size);
                walLengths.Add((int)new FileInfo(folder.Database + "-wal").Length);
            }
            database = File.ReadAllBytes(folder.Database);
            wal = File.ReadAllBytes(folder.Database + "-wal");
        }
        moved = File.ReadAllBytes(folder.Database);
    }

    /// <summary>Entries of the batches that end within this length.</summary>
    private long FlushedIn(int length) => ends[walLengths.FindLastIndex(l => l <= length)];

    private string Leave(byte[] database, byte[] wal)
    {
        var path = folder.In($"crash-{++crashes}.db");
        File.WriteAllBytes(path, database);
        File.WriteAllBytes(path + "-wal", wal);
        return path;
    }

    /// <summary>The one check of all: whole batches, none flushed is lost, all verifies, and it goes on.</summary>
    private void Check(byte[] database, byte[] wal, long flushed)
    {
        var path = Leave(database, wal);
        using (var log = MerkleLog.Open(SqliteStorage.Open(path), folder.Key, LogFolder.Origin))
        {
            Assert.Contains(log.Size, ends);
            Assert.True(log.Size >= flushed, $"{log.Size} of {flushed} flushed entries are there");
            log.Append(LogFolder.Bodies(log.Size, 2));
        }
        using var storage = SqliteStorage.OpenReadOnly(path);
        using var verifier = folder.Verifier();
        var report = LogVerification.Verify(storage, verifier);
        Assert.Empty(report.Findings);
        Assert.Equal(LogFolder.Bodies(0, (int)report.Entries), storage.Read(0).Select(e => e.Body));
    }

    public void Dispose() => folder.Dispose();
}

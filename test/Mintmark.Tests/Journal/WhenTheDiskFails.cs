using Mintmark.Log;
using Mintmark.Releases;
using Xunit;
using static Mintmark.Tests.Journal.JournalFolder;

namespace Mintmark.Tests.Journal;

public sealed class WhenTheDiskFails : IDisposable
{
    private readonly JournalFolder folder = new();

    [Fact]
    public async Task AFullOneFailsTheCommandAndLeavesStateAndLogAsTheyWere()
    {
        using var journal = folder.Open(SqliteStorage.Open(folder.Log.Database, maxPages: 12));
        await journal.SayAsync(ShipOf("bank"));
        var (state, root) = journal.Now;

        for (var attempt = 0; attempt < 3; attempt++)
        {
            await Assert.ThrowsAsync<LogStorageException>(() => journal.SayAsync(Large()));
            Assert.Same(state, journal.State);
            Assert.Equal(root, journal.Now.Root);
        }

        Assert.False(journal.Broken.IsCompleted);
        Assert.IsType<Decision.Accepted>(await journal.SayAsync(HaltAll()));
        Assert.Equal(2, journal.State.Size);
    }

    [Fact]
    public async Task WhatCannotWaitGetsTheRoomThatWasKeptBackAndGetsItOnce()
    {
        var disk = new FullDisk { Kept = true };
        using var journal = folder.Open(disk.Over(folder.Storage()), giveUp: disk.GiveUp);
        await journal.SayAsync(ShipOf("bank"));
        disk.Full = true;

        await Assert.ThrowsAsync<LogStorageException>(() => journal.SayAsync(ShipOf("another")));
        Assert.True(disk.Kept);
        Assert.IsType<Decision.Accepted>(await journal.SayAsync(HaltAll()));
        disk.Full = true;
        await Assert.ThrowsAsync<LogStorageException>(() => journal.SayAsync(new Command.Halt(new("bank"), Why)));
        Assert.Equal(2, journal.State.Size);
    }

    [Fact]
    public void WhatCannotWaitStopsTrafficOrTakesAVersionBackOrIsWhy()
    {
        var instance = Releases.Bank.Instance(1);
        Event[] urgent =
        [
            Releases.Bank.Judged(1, 0, Verdict.Worse),
            Releases.Bank.RolledBack(1),
            new Event.InstanceHealthChanged(instance, false, "answers 503"),
            new Event.InvariantsReported(instance, 0, [new("kept", null), new("sums", "off by 1")]),
        ];
        Event[] usual =
        [
            Releases.Bank.GoodEnough(1, 0),
            Releases.Bank.Promoted(1),
            new Event.InstanceHealthChanged(instance, true, "answers 200"),
            new Event.InvariantsReported(instance, 0, [new("kept", null)]),
        ];

        Assert.True(HaltAll().CannotWait && Releases.Bank.Rollback().CannotWait);
        Assert.False(ResumeAll().CannotWait || ShipOf("bank").CannotWait);
        Assert.All(urgent, what => Assert.True(new Command.Record(what).CannotWait));
        Assert.All(usual, what => Assert.False(new Command.Record(what).CannotWait));
    }

    [Fact]
    public async Task AllWhoShareABatchAreToldAndNoneIsHalfDecided()
    {
        using var atDisk = new ManualResetEventSlim();
        using var disk = new ManualResetEventSlim();
        var appends = 0;
        var storage = new WatchedStorage(folder.Storage())
        {
            BeforeAppend = _ =>
            {
                atDisk.Set();
                disk.Wait();
                if (++appends == 2)
                    throw new LogStorageException("no space left");
            },
        };
        using var journal = folder.Open(storage);
        var first = Task.Run(() => journal.SayAsync(ShipOf("first")));
        atDisk.Wait();
        Task<Decision>[] second = [.. Enumerable.Range(0, 5).Select(i => journal.SayAsync(ShipOf($"second{i}")))];
        disk.Set();

        await first;
        foreach (var answer in second)
            await Assert.ThrowsAsync<LogStorageException>(() => answer);
        Assert.Equal(1, journal.State.Size);
        Assert.IsType<Decision.Accepted>(await journal.SayAsync(ShipOf("third")));
        Assert.Equal([new ServiceName("first"), new ServiceName("third")], journal.State.Services.Keys);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task AnOpenOutcomeBreaksTheJournalAndTheNextOneKnows(bool persisted)
    {
        var storage = new WatchedStorage(folder.Storage());
        using (var journal = folder.Open(storage))
        {
            await journal.SayAsync(ShipOf("first"));
            var state = journal.State;
            storage.BeforeAppend = _ => Doubt(!persisted);
            storage.AfterAppend = () => Doubt(persisted);

            await Assert.ThrowsAsync<LogAmbiguousException>(() => journal.SayAsync(ShipOf("second")));

            Assert.IsType<LogAmbiguousException>(await journal.Broken);
            Assert.Same(state, journal.State);
            await Assert.ThrowsAsync<InvalidOperationException>(() => journal.SayAsync(HaltAll()));
        }

        using var again = folder.Open();
        Assert.Equal(persisted ? 2 : 1, again.State.Size);
        Assert.IsType<Decision.Accepted>(await again.SayAsync(HaltAll()));
    }

    [Fact]
    public async Task AClosedJournalAnswersNobody()
    {
        var journal = folder.Open();
        journal.Dispose();

        await Assert.ThrowsAsync<ObjectDisposedException>(() => journal.SayAsync(HaltAll()));
    }

    private static void Doubt(bool now)
    {
        if (now)
            throw new LogAmbiguousException("the disk did not say");
    }

    private static Command.Ship Large() =>
        Releases.Bank.ShipIt with
        {
            Manifest = Releases.Bank.Declared with
            {
                Name = new("large"),
                Configuration = [.. Enumerable.Range(0, 2500).Select(i => $"config/file-{i}")],
            },
        };

    public void Dispose() => folder.Dispose();
}

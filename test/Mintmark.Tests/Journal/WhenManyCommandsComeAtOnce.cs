using Mintmark.Journal;
using Mintmark.Releases;
using Xunit;
using static Mintmark.Tests.Journal.JournalFolder;

namespace Mintmark.Tests.Journal;

public sealed class WhenManyCommandsComeAtOnce : IDisposable
{
    private readonly JournalFolder folder = new();

    [Fact]
    public async Task NoneIsAnsweredAndNoStateIsSeenBeforeItIsOnDisk()
    {
        using var atDisk = new ManualResetEventSlim();
        using var disk = new ManualResetEventSlim();
        List<int> batches = [];
        var storage = new WatchedStorage(folder.Storage())
        {
            BeforeAppend = entries =>
            {
                batches.Add(entries.Count);
                atDisk.Set();
                disk.Wait();
            },
        };
        using var journal = folder.Open(storage);

        var first = Task.Run(() => journal.SayAsync(ShipOf("s0")));
        atDisk.Wait();
        Task<Decision>[] rest = [.. Enumerable.Range(1, 99).Select(i => journal.SayAsync(ShipOf($"s{i}")))];

        Assert.All([first, .. rest], answer => Assert.False(answer.IsCompleted));
        Assert.Equal(0, journal.State.Size);
        disk.Set();
        var answers = await Task.WhenAll([first, .. rest]);

        Assert.All(answers, answer => Assert.IsType<Decision.Accepted>(answer));
        Assert.Equal([1, 99], batches);
        using var reader = Mintmark.Log.SqliteStorage.OpenReadOnly(folder.Log.Database);
        Assert.Equal(100, reader.Size);
        Assert.Equal(100, journal.State.Services.Count);
    }

    [Fact]
    public async Task EachIsDecidedOnWhatTheOneBeforeItLeaves()
    {
        using var journal = folder.Open();

        var answers = await Task.WhenAll(
            Enumerable.Range(0, 100).Select(_ => Task.Run(() => journal.SayAsync(ShipOf("bank"))))
        );

        Assert.Single(answers.OfType<Decision.Accepted>());
        Assert.All(answers.OfType<Decision.Refused>(), no => Assert.Equal("one-release-at-a-time", no.Rule));
        Assert.Equal([new ReleaseId(1)], journal.State.Releases.Keys);
    }

    [Fact]
    public async Task AfterThemTheLogFoldsToTheSameState()
    {
        string digest;
        using (var journal = folder.Open())
        {
            await Task.WhenAll(
                Enumerable.Range(0, 100).Select(i => Task.Run(() => journal.SayAsync(ShipOf($"s{i % 60}"))))
            );
            digest = journal.Digest();
            Assert.Equal(100, journal.State.Size);
        }

        using var again = folder.Open();
        Assert.Equal(digest, again.Digest());
        Assert.True(folder.Log.Verify().Holds);
    }

    /// <summary>Each batch brings another command, as busy callers do.</summary>
    [Fact]
    public async Task NoCallerWritesForOthersForEver()
    {
        var journal = default(ReleaseJournal);
        List<Task> others = [];
        List<int> writers = [];
        var storage = new WatchedStorage(folder.Storage())
        {
            BeforeAppend = _ =>
            {
                writers.Add(Environment.CurrentManagedThreadId);
                if (others.Count < 20)
                    others.Add(journal!.SayAsync(ShipOf($"other{others.Count}")));
            },
        };
        using (journal = folder.Open(storage))
        {
            var own = new Thread(() => journal.SayAsync(ShipOf("own")));
            own.Start();
            own.Join();
            var size = 0L;
            while (size < 21)
                size = (await journal.ChangedAsync(size, CancellationToken.None)).Size;

            Assert.Equal(1, writers.Count(w => w == own.ManagedThreadId));
            await Task.WhenAll(others);
        }
    }

    public void Dispose() => folder.Dispose();
}

using Mintmark.Journal;
using Mintmark.Log;
using Mintmark.Releases;
using Xunit;
using static Mintmark.Tests.Journal.JournalFolder;

namespace Mintmark.Tests.Journal;

public sealed class WhenTheLogGetsAnotherKey : IDisposable
{
    private readonly JournalFolder folder = new();

    [Fact]
    public async Task TheLogSaysSoAndItsFirstKeyStillVerifiesIt()
    {
        using var next = LogKey.Create();
        string digest;
        using (var journal = folder.Open())
        {
            await journal.SayAsync(HaltAll());
            Assert.Equal(1, await journal.RotateKeyAsync(next, Alice, "yearly", CancellationToken.None));
            await journal.SayAsync(ResumeAll());
            var rotated = Assert.IsType<Event.LogKeyRotated>(journal.Read(1).First().Entry.Event);
            Assert.Equal("yearly", rotated.Reason);
            digest = journal.Digest();
        }
        using var first = folder.Log.Verifier();
        using (var storage = folder.Storage())
        {
            var report = LogVerification.Verify(storage, first, EntryCodec.HandoverOf);
            Assert.Empty(report.Findings);
            Assert.Equal(next.VerifierText(first.Origin), report.Keys);
        }
        using var again = ReleaseJournal.Open(folder.Storage(), next, first.Origin, TimeProvider.System);
        Assert.Equal(digest, again.Digest());
    }

    [Fact]
    public async Task ADiskThatIsFullKeepsThePresentOne()
    {
        using var next = LogKey.Create();
        using var storage = SqliteStorage.Open(folder.Log.Database, maxPages: 12);
        using var journal = folder.Open(storage);
        var failure = await Record.ExceptionAsync(async () =>
        {
            for (var i = 0; i < 1000; i++)
                await journal.RotateKeyAsync(next, Alice, new string('x', 1000), CancellationToken.None);
        });
        Assert.IsType<LogStorageException>(failure);
        Assert.False(journal.Broken.IsCompleted);
    }

    [Fact]
    public async Task WordsLikeThoseOfARotationHandNothingOver()
    {
        using (var journal = folder.Open())
            await journal.SayAsync(HaltAll("log-key-rotated.1"));
        using var first = folder.Log.Verifier();
        using var storage = folder.Storage();
        Assert.Empty(LogVerification.Verify(storage, first, EntryCodec.HandoverOf).Findings);
    }

    public void Dispose() => folder.Dispose();
}

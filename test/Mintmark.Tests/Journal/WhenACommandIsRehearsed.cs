using Xunit;
using static Mintmark.Tests.Journal.JournalFolder;

namespace Mintmark.Tests.Journal;

public sealed class WhenACommandIsRehearsed : IDisposable
{
    private readonly JournalFolder folder = new();

    [Fact]
    public async Task ItIsSeenWhatWouldBeAndNothingIs()
    {
        using var journal = folder.Open();
        await journal.SayAsync(ShipOf("bank"));
        var before = journal.Digest();
        var size = journal.State.Size;

        var after = journal.Rehearse(HaltAll("fire"), Alice);

        Assert.Equal("fire", after.Halted?.Reason);
        Assert.Equal(size + 1, after.Size);
        Assert.Equal(before, journal.Digest());
        Assert.Equal(size, journal.Read(0).Count());
    }

    public void Dispose() => folder.Dispose();
}

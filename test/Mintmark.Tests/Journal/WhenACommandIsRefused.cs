using Mintmark.Releases;
using Xunit;
using static Mintmark.Tests.Journal.JournalFolder;

namespace Mintmark.Tests.Journal;

public sealed class WhenACommandIsRefused : IDisposable
{
    private readonly JournalFolder folder = new();

    [Fact]
    public async Task APersonsIsInTheLogWithRuleAndReason()
    {
        using var journal = folder.Open();

        Assert.Equal("unknown-service", await journal.RefusalAsync(new Command.Halt(new("bank"), Why)));

        var (_, entry) = Assert.Single(journal.Read(0));
        var refused = Assert.IsType<Event.CommandRefused>(entry.Event);
        Assert.Equal((Alice, "halt", "unknown-service"), (entry.By, refused.Command, refused.Rule));
        Assert.Equal(1, journal.State.Size);
    }

    [Fact]
    public async Task AReconcilersLeavesNoTrace()
    {
        using var journal = folder.Open();

        Assert.Equal("overtaken", await journal.RefusalAsync(new Command.Record(new Event.Promoted(new(1)))));

        Assert.Empty(journal.Read(0));
        Assert.Equal(0, journal.State.Size);
    }

    [Fact]
    public async Task OneThatTheLogCannotHoldIsInItAsARefusal()
    {
        using var journal = folder.Open();
        var large = Releases.Bank.Declared with { Configuration = [new string('x', 70_000)] };

        Assert.Equal("entry-too-large", await journal.RefusalAsync(Releases.Bank.ShipIt with { Manifest = large }));

        var (_, entry) = Assert.Single(journal.Read(0));
        Assert.Equal("entry-too-large", Assert.IsType<Event.CommandRefused>(entry.Event).Rule);
        Assert.Empty(journal.State.Releases);
    }

    [Fact]
    public async Task OneThatWishesForNothingNewWritesNothing()
    {
        using var journal = folder.Open();

        Assert.Equal("accepted", await journal.RefusalAsync(ResumeAll()));

        Assert.Empty(journal.Read(0));
    }

    public void Dispose() => folder.Dispose();
}

using Xunit;
using static Mintmark.Tests.Journal.JournalFolder;

namespace Mintmark.Tests.Journal;

public sealed class WhenSomebodyWaitsForChange : IDisposable
{
    private readonly JournalFolder folder = new();

    [Fact]
    public async Task AnEntryWakesThem()
    {
        using var journal = folder.Open();
        var waiting = journal.ChangedAsync(0, CancellationToken.None);
        Assert.False(waiting.IsCompleted);

        await journal.SayAsync(HaltAll());

        var state = await waiting;
        Assert.Equal(1, state.Size);
        Assert.NotNull(state.Halted);
    }

    [Fact]
    public async Task ACommandWithoutEntriesDoesNot()
    {
        using var journal = folder.Open();
        await journal.SayAsync(HaltAll());
        var waiting = journal.ChangedAsync(1, CancellationToken.None);

        await journal.SayAsync(HaltAll());
        Assert.False(waiting.IsCompleted);

        await journal.SayAsync(ResumeAll());
        Assert.Equal(2, (await waiting).Size);
    }

    [Fact]
    public async Task WhatHasHappenedAlreadyIsToldAtOnce()
    {
        using var journal = folder.Open();
        await journal.SayAsync(HaltAll());

        Assert.True(journal.ChangedAsync(0, CancellationToken.None).IsCompletedSuccessfully);
    }

    [Fact]
    public async Task TheyWaitForAsMuchAsTheyAskFor()
    {
        using var journal = folder.Open();
        var waiting = journal.ChangedAsync(1, CancellationToken.None);

        await journal.SayAsync(HaltAll());
        await journal.SayAsync(ResumeAll());

        Assert.Equal(2, (await waiting).Size);
    }

    [Fact]
    public async Task TheyMayGiveUp()
    {
        using var journal = folder.Open();
        using var patience = new CancellationTokenSource();
        var waiting = journal.ChangedAsync(0, patience.Token);

        await patience.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
    }

    public void Dispose() => folder.Dispose();
}

using Mintmark.Gateway;
using Xunit;

namespace Mintmark.Tests.Gateway;

public sealed class WhenAListenerWaits
{
    static readonly TimeSpan Long = TimeSpan.FromMinutes(5);

    readonly Changes changes = new(TimeProvider.System);

    [Fact]
    public async Task SomebodyNewIsAnsweredAtOnce() =>
        Assert.Equal(1, await changes.NextAsync(-1, Long, CancellationToken.None));

    [Fact]
    public async Task NothingNewAnswersWhenTheWaitIsOver()
    {
        var known = await changes.NextAsync(-1, Long, CancellationToken.None);

        Assert.Equal(known, await changes.NextAsync(known, TimeSpan.FromMilliseconds(30), CancellationToken.None));
    }

    [Fact]
    public async Task AChangeWakesEveryListener()
    {
        var known = await changes.NextAsync(-1, Long, CancellationToken.None);
        var waiting = Enumerable
            .Range(0, 3)
            .Select(_ => changes.NextAsync(known, Long, CancellationToken.None))
            .ToList();

        changes.Note();

        Assert.All(await Task.WhenAll(waiting), next => Assert.True(next > known));
    }

    [Fact]
    public async Task AChangeBeforeTheWaitIsNotMissed()
    {
        var known = await changes.NextAsync(-1, Long, CancellationToken.None);

        changes.Note();

        Assert.Equal(known + 1, await changes.NextAsync(known, Long, CancellationToken.None));
    }

    [Fact]
    public async Task TheNextAnswerKeepsThePaceButAnAlarmDoesNotWaitForIt()
    {
        var time = new StoppedTime();
        var paced = new Changes(time);
        var known = await paced.NextAsync(-1, TimeSpan.Zero, CancellationToken.None);

        paced.Note();
        var next = paced.NextAsync(known, Long, CancellationToken.None);
        Assert.False(next.IsCompleted);
        paced.Alarm();
        known = await next;
        paced.Alarm();
        known = await paced.NextAsync(known, Long, CancellationToken.None);

        paced.Note();
        next = paced.NextAsync(known, Long, CancellationToken.None);
        Assert.False(next.IsCompleted);
        time.Pass();
        Assert.True(await next > known);
    }
}

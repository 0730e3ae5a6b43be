using Mintmark.Releases;
using Mintmark.Run;
using Xunit;

namespace Mintmark.Tests.Run;

public sealed class WhenHealthIsAsked
{
    readonly Answers answers = new();
    readonly HealthRounds rounds;
    readonly Story story = new Story().Released().Started(1);

    public WhenHealthIsAsked() => rounds = new HealthRounds(answers);

    [Fact]
    public void TheFirstGoodAnswerMakesItHealthy()
    {
        Assert.Empty(Round("no answer"));
        story.Later(0.1);
        var change = Assert.Single(Round(null));
        Assert.Equal(new Event.InstanceHealthChanged(Story.Id(1), true, "answers 200"), change);
    }

    [Fact]
    public void ANewInstanceIsAskedTenTimesASecondAndAHealthyOneOnce()
    {
        for (var i = 0; i < 10; i++)
        {
            Round("no answer");
            story.Later(0.1);
        }
        Assert.Equal(10, answers.Asked);
        story.And(Round(null).ToArray<Event>());
        for (var i = 0; i < 20; i++)
        {
            story.Later(0.1);
            Round(null);
        }
        Assert.Equal(13, answers.Asked);
    }

    [Fact]
    public void ItIsAskedOnWhenTheClockIsSetBack()
    {
        story.And(Round(null).ToArray<Event>());
        Round(null, afterSeconds: -3600);
        Assert.Equal(2, answers.Asked);
    }

    [Fact]
    public void ThreeBadAnswersInARowMakeItUnhealthy()
    {
        story.And(Round(null).ToArray<Event>());
        foreach (var answer in (string?[])["bad", "bad", null, "bad", "bad"])
            Assert.Empty(Round(answer, afterSeconds: 1));
        var change = Assert.Single(Round("answers 503", afterSeconds: 1));
        Assert.Equal(new Event.InstanceHealthChanged(Story.Id(1), false, "answers 503"), change);
    }

    [Fact]
    public void AFailureOfATimeInWhichTheMachineStoodStillIsNotCounted()
    {
        story.And(Round(null).ToArray<Event>());
        Assert.Empty(Round("no answer", afterSeconds: 1));
        story.Later(1);
        foreach (var stood in (double[])[1, 8, 1])
        {
            var slow = new TaskCompletionSource<string?>();
            answers.Next = slow.Task;
            rounds.Begin(story.State, story.Now, default);
            story.Later(stood);
            slow.SetException(new TimeoutException("no answer within 2 s"));
            rounds.Begin(story.State, story.Now, default);
            Assert.Empty(rounds.Collect(story.State));
        }
        Assert.Empty(Round("bad", afterSeconds: 1));
        Assert.False(Assert.Single(Round("bad", afterSeconds: 1)).Healthy);
    }

    [Fact]
    public void AFailureIsCountedOnceAClockThatWentAheadIsSetBack()
    {
        story.And(Round(null).ToArray<Event>());
        Round(null, afterSeconds: 3600);
        Round(null, afterSeconds: -3600);
        for (var i = 0; i < 6; i++)
        {
            answers.Next = Task.FromException<string?>(new TimeoutException("no answer within 2 s"));
            story.Later(0.5);
            rounds.Begin(story.State, story.Now, default);
            story.And(rounds.Collect(story.State).ToArray<Event>());
        }
        Assert.Equal(InstancePhase.Unhealthy, story.State.Instances[Story.Id(1)].Phase);
    }

    [Fact]
    public void OneGoodAnswerMakesItHealthyAgain()
    {
        story.And(Round(null).ToArray<Event>()).And(new Event.InstanceHealthChanged(Story.Id(1), false, "bad"));
        Assert.True(Assert.Single(Round(null, afterSeconds: 1)).Healthy);
    }

    [Fact]
    public void ASlowAnswerHoldsUpNoOther()
    {
        var slow = new TaskCompletionSource<string?>();
        answers.Next = slow.Task;
        rounds.Begin(story.State, story.Now, default);
        story.Started(1).Later(0.1);
        Assert.Equal(Story.Id(2), Assert.Single(Round(null)).Instance);
        slow.SetResult(null);
        Assert.Equal(Story.Id(1), Assert.Single(rounds.Collect(story.State)).Instance);
    }

    [Fact]
    public void AnAnswerThatComesAfterTheEndIsNoAnswer()
    {
        var slow = new TaskCompletionSource<string?>();
        answers.Next = slow.Task;
        rounds.Begin(story.State, story.Now, default);
        slow.SetResult(null);
        story.Exited(1);
        Assert.Empty(Round(null));
    }

    [Fact]
    public void AProbeThatFailsIsABadAnswer()
    {
        story.And(Round(null).ToArray<Event>());
        for (var i = 0; i < 3; i++)
        {
            answers.Next = Task.FromException<string?>(new InvalidOperationException("broken probe"));
            story.Later(1);
            rounds.Begin(story.State, story.Now, default);
            story.And(rounds.Collect(story.State).ToArray<Event>());
        }
        Assert.Equal(InstancePhase.Unhealthy, story.State.Instances[Story.Id(1)].Phase);
    }

    IReadOnlyList<Event.InstanceHealthChanged> Round(string? answer, double afterSeconds = 0)
    {
        story.Later(afterSeconds);
        answers.Next = Task.FromResult(answer);
        rounds.Begin(story.State, story.Now, default);
        return rounds.Collect(story.State);
    }

    sealed class Answers : IHealthProbe
    {
        public Task<string?> Next { get; set; } = Task.FromResult<string?>(null);

        public int Asked { get; private set; }

        public Task<string?> ProbeAsync(Instance instance, string path, Protocol protocol, CancellationToken ct)
        {
            Asked++;
            return Next;
        }
    }
}

using System.Text;
using Mintmark.Releases;
using Xunit;

namespace Mintmark.Tests.Releases;

/// <summary>Given events, when a command is decided, then events.</summary>
sealed class Story
{
    public static readonly Actor Alice = new("alice");
    public static readonly DateTimeOffset Noon = new(2026, 1, 2, 12, 0, 0, TimeSpan.Zero);

    private readonly Decision decision;

    private Story(State state, Decision decision)
    {
        State = state;
        this.decision = decision;
    }

    /// <summary>After what was decided.</summary>
    public State State { get; }

    public static State Given(params IEnumerable<Event> events) => After(State.Empty, events);

    /// <summary>A second later for each event.</summary>
    public static State After(State state, params IEnumerable<Event> events) => AfterBy(Alice, state, events);

    public static State AfterBy(Actor by, State state, params IEnumerable<Event> events) =>
        events.Aggregate(state, (s, e) => Fold.Apply(s, new Entry(Noon.AddSeconds(s.Size), by, e)));

    /// <param name="by">Null for Alice.</param>
    public static Story When(State state, Command command, Actor? by = null)
    {
        var decision = Decider.Decide(state, command, by ?? Alice);
        return new(
            decision is Decision.Accepted accepted ? AfterBy(by ?? Alice, state, accepted.Events) : state,
            decision
        );
    }

    public Story Then(params Event[] expected)
    {
        if (decision is Decision.Refused refused)
            Assert.Fail($"refused by {refused.Rule}: {refused.Reason}");
        Assert.Equal(expected.Select(Text), ((Decision.Accepted)decision).Events.Select(Text));
        return this;
    }

    public Story ThenRefused(string rule, string because = "")
    {
        if (decision is Decision.Accepted accepted)
            Assert.Fail("accepted: " + string.Join('\n', accepted.Events.Select(Text)));
        var refused = (Decision.Refused)decision;
        Assert.Equal(rule, refused.Rule);
        Assert.Contains(because, refused.Reason, StringComparison.Ordinal);
        return this;
    }

    // Events hold lists, which records compare by reference: so events are compared as they are logged.
    private static string Text(Event what) => Encoding.UTF8.GetString(Wire.ToJson(new Entry(Noon, Alice, what)));
}

static class Deciding
{
    public static Story When(this State state, Command command) => Story.When(state, command);

    public static Story When(this State state, string by, Command command) => Story.When(state, command, new Actor(by));

    /// <summary>A reconciler records what it plans or has seen.</summary>
    public static Story WhenRecorded(this State state, Event what) => Story.When(state, new Command.Record(what));

    public static void IsRecorded(this State state, Event what) => state.WhenRecorded(what).Then(what);

    public static void IsOvertaken(this State state, Event what, string because = "") =>
        state.WhenRecorded(what).ThenRefused("overtaken", because);
}

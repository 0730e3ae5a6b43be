using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using Mintmark.Journal;
using Mintmark.Log;
using Mintmark.Releases;
using Xunit;
using Outcome = Mintmark.Releases.Outcome;

namespace Mintmark.Tests.Releases;

public sealed class WhenCommandsComeAtRandom
{
    private static readonly IReadOnlyList<Entry> Past =
    [
        .. Bank.InService(3).Select((e, i) => new Entry(Story.Noon.AddMilliseconds(i), Story.Alice, e)),
    ];

    private readonly HashSet<string> seen = [];

    [Fact]
    public void TheRulesOfAReleaseNeverBreak() => Run(Config.QuickThrowOnFailure.WithMaxTest(100));

    /// <summary>With one seed for ever, as the wishes are only worth something if they lead everywhere.</summary>
    [Fact]
    public void TheyLeadEverywhere()
    {
        Run(Config.QuickThrowOnFailure.WithMaxTest(40).WithReplay(19, 21));

        string[] everywhere =
        [
            .. Enum.GetNames<Outcome>(),
            "return promoted",
            "guard left",
            "overtaken",
            "one-release-at-a-time",
            "not-a-good-version",
        ];
        Assert.Empty(everywhere.Except(seen));
    }

    private void Run(Config config)
    {
        var wish =
            from kind in Gen.Choose(0, 90)
            from pick in Gen.Choose(0, 5)
            from number in Gen.Choose(0, 40)
            select (kind, pick, number);
        Check.One(config.WithEndSize(120), Prop.ForAll(wish.ListOf().ToArbitrary(), wishes => Live([.. wishes])));
    }

    private void Live((int Kind, int Pick, int Number)[] wishes)
    {
        List<Entry> log = wishes.Length % 2 == 0 ? [] : [.. Past];
        var state = log.Aggregate(State.Empty, Fold.Apply);
        foreach (var (kind, pick, number) in wishes)
        {
            var command = Wishes.Of(state, kind, pick, number);
            var decision = Decider.Decide(state, command, Story.Alice);
            foreach (var what in EventsOf(decision, command))
            {
                Note(state, what);
                var entry = new Entry(Story.Noon.AddMilliseconds(log.Count), Story.Alice, what);
                log.Add(entry);
                state = Fold.Apply(state, entry);
            }
            Sound.Require(state);
        }

        Assert.All(log, e => Assert.Equal(AsOneOfAll(e), EntryCodec.Encode(e)));
        var stored = log.Select((e, i) => EntryCodec.Decode(i, EntryCodec.Encode(e)));
        Assert.Equal(EntryCodec.Digest(state), EntryCodec.Digest(stored.Aggregate(State.Empty, Fold.Apply)));
        Assert.Equal(EntryCodec.Digest(state), EntryCodec.Digest(Wire.ToState(Wire.ToJson(state))));
        seen.UnionWith(state.Releases.Values.Select(r => r.Outcome?.ToString() ?? "open"));
    }

    /// <summary>As the serializer writes what may be any kind of event.</summary>
    private static byte[] AsOneOfAll(Entry entry) =>
        CanonicalJson.Canonicalize(JsonSerializer.SerializeToUtf8Bytes(entry, Wire.Default.Entry));

    private IReadOnlyList<Event> EventsOf(Decision decision, Command command)
    {
        if (decision is Decision.Accepted accepted)
            return accepted.Events;
        var refused = (Decision.Refused)decision;
        seen.Add(refused.Rule);
        return command is Command.Person person ? [Decider.Refusal(person, refused)] : [];
    }

    private void Note(State state, Event what)
    {
        if (what is Event.RolledBack back && state.Releases[back.Release].Phase == Phase.Guarding)
            seen.Add("guard left");
        if (what is Event.Promoted { Release: var id } && state.Releases[id].Kind == ReleaseKind.Return)
            seen.Add("return promoted");
    }
}

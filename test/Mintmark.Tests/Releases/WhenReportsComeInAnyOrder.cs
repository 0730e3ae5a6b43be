using FsCheck;
using FsCheck.Fluent;
using Mintmark.Journal;
using Mintmark.Releases;
using Mintmark.Watch;
using Xunit;
using static Mintmark.Tests.Releases.Bank;

namespace Mintmark.Tests.Releases;

/// <summary>Three runs of two gateways report of two steps; each report holds all that its run has counted.</summary>
public sealed class WhenReportsComeInAnyOrder
{
    private static readonly State Stepped = Story.Given([
        .. InService(1),
        .. Ramping(2, 1),
        GoodEnough(2, 0),
        Step(2, 1),
    ]);

    private static readonly Gen<Event.OutcomesReported[]> Reports =
        from seed in Gen.Choose(0, int.MaxValue)
        from count in Gen.Choose(1, 12)
        select All(new Random(seed), count);

    [Fact]
    public void TheStateIsTheSameToTheByteAndSoIsTheEvidence() =>
        Check.One(
            Config.QuickThrowOnFailure.WithMaxTest(300),
            Prop.ForAll(
                Gen.Zip(Reports, Gen.Choose(0, int.MaxValue)).ToArbitrary(),
                drawn =>
                {
                    var (reports, seed) = drawn;
                    var shuffled = reports.ToArray();
                    new Random(seed).Shuffle(shuffled);
                    return Same(reports, shuffled);
                }
            )
        );

    [Fact]
    public void TheLastOfARunSaysAllThatThoseBeforeItDid() =>
        Check.One(
            Config.QuickThrowOnFailure.WithMaxTest(100),
            Prop.ForAll(
                Reports.ToArbitrary(),
                reports =>
                {
                    var last = reports.GroupBy(r => (r.Gateway, r.Step)).Select(run => run.MaxBy(r => r.Sequence)!);
                    return Counts(reports).SequenceEqual(Counts(last)) && Evident(reports) == Evident(last);
                }
            )
        );

    [Fact]
    public void RepeatedOnesChangeNothing() =>
        Check.One(
            Config.QuickThrowOnFailure.WithMaxTest(100),
            Prop.ForAll(
                Reports.ToArbitrary(),
                reports => Counts(reports).SequenceEqual(Counts([.. reports, .. reports.Reverse(), reports[0]]))
            )
        );

    [Fact]
    public void CountersThatGoBackwardsDoNot()
    {
        var high = Outcomes(2, 1, "gateway/1", 900) with { Sequence = 7 };
        var low = Outcomes(2, 1, "gateway/1", 3) with { Sequence = 8 };

        Assert.Equal(Counts([high]), Counts([high, low]));
    }

    [Fact]
    public void AGatewayThatBeganAnewCountsBesideItsPast()
    {
        var counts = Counts([Outcomes(2, 1, "gateway/1", 900), Outcomes(2, 1, "gateway/2", 3)]);

        Assert.Equal(903, counts[1].Candidate.Requests);
    }

    private static bool Same(IEnumerable<Event> a, IEnumerable<Event> b) =>
        EntryCodec.Digest(Unmarked(After(a))) == EntryCodec.Digest(Unmarked(After(b))) && Evident(a) == Evident(b);

    /// <summary>Without the marks, which say when counts came.</summary>
    private static State Unmarked(State state)
    {
        var release = state.Releases[Release(2)];
        var steps = release.Steps.ConvertAll(step => step with { Marks = null });
        return state with { Releases = state.Releases.SetItem(release.Id, release with { Steps = steps }) };
    }

    private static double Evident(IEnumerable<Event> reports) =>
        Judge.Weigh(Counts(reports), Declared.Rollout).LogWorse;

    private static IReadOnlyList<StepTally> Counts(IEnumerable<Event> reports) =>
        [.. After(reports).Releases[Release(2)].Steps.Select(s => s.Total())];

    private static State After(IEnumerable<Event> reports) =>
        reports.Aggregate(Stepped, (state, e) => Fold.Apply(state, new Entry(Story.Noon, Story.Alice, e)));

    private static Event.OutcomesReported[] All(Random random, int count) =>
        [
            .. from gateway in (string[])["gateway/1", "gateway/1b", "gateway/2"]
            from step in (int[])[0, 1]
            from report in Run(random, gateway, step, count)
            select report,
        ];

    private static IEnumerable<Event.OutcomesReported> Run(Random random, string gateway, int step, int count)
    {
        var (baseline, candidate) = (ArmTally.None, ArmTally.None);
        for (var sequence = 1; sequence <= count; sequence++)
        {
            baseline += More(random);
            candidate += More(random);
            yield return new(Release(2), step, gateway, sequence, baseline, candidate);
        }
    }

    private static ArmTally More(Random random) =>
        new(
            random.Next(100),
            random.Next(90),
            random.Next(3),
            ByName.Of<long>(("errors", random.Next(2)), ("slow-p50", random.Next(30)), ("signal.late", random.Next(2))),
            random.Next(2) == 0
                ? ByName<decimal>.Empty
                : ByName.Of<decimal>(("EUR", random.Next(10_000) / 100m), ("BTC", random.Next(9) / 100_000_000m))
        );
}

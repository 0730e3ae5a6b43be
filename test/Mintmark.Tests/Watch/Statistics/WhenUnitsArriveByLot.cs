using Mintmark.Releases;
using Mintmark.Watch;
using Xunit;

namespace Mintmark.Tests.Watch.Statistics;

/// <summary>
/// The promise that false alarms rest on, without simulation: whatever was counted, one more unit of a candidate that
/// is no worse raises no evidence in expectation.
/// </summary>
public sealed class WhenUnitsArriveByLot
{
    private static readonly int[] Shares = [1, 50, 100, 500, 2_500, 5_000, 9_500, 9_999];

    [Fact]
    public void NoUnitRaisesTheEvidenceOfWorseInExpectation() =>
        Holds((steps, _) => WorseTest.Log(steps, 0.000_1), better: [1, 0.5, 0]);

    [Fact]
    public void NoUnitRaisesTheEvidenceOfTolerableInExpectation() =>
        Holds((steps, ratio) => TolerableTest.Log(steps, ratio), better: []);

    private static void Holds(Func<UnitCounts[], double, double> log, double[] better)
    {
        var random = new Random(7);
        for (var story = 0; story < 1_500; story++)
        {
            var steps = new UnitCounts[random.Next(1, 4)];
            for (var i = 0; i < steps.Length; i++)
                steps[i] = Counts(random);
            var ratio = 1 + 9 * random.NextDouble();
            var before = log(steps, ratio);
            var i0 = random.Next(steps.Length);
            var w = steps[i0].Share.Fraction;
            var step = steps[i0];
            foreach (var lot in better.Length > 0 ? better.Select(b => b * w) : [w * ratio / (1 + w * (ratio - 1))])
            {
                var bad = Mean(
                    lot,
                    step with
                    {
                        CandidateBad = step.CandidateBad + 1,
                    },
                    step with
                    {
                        BaselineBad = step.BaselineBad + 1,
                    }
                );
                Assert.True(bad <= 1 + 1e-9, $"{bad} times the evidence in {string.Join(", ", steps)}");
            }
            // A candidate that is better has more than its share of the good units.
            foreach (var lot in new[] { w, (1 + w) / 2 })
            {
                var good = Mean(
                    lot,
                    step with
                    {
                        CandidateGood = step.CandidateGood + 1,
                    },
                    step with
                    {
                        BaselineGood = step.BaselineGood + 1,
                    }
                );
                Assert.True(good <= 1 + 1e-9, $"{good} times the evidence in {string.Join(", ", steps)}");
            }

            double Mean(double lot, UnitCounts candidate, UnitCounts baseline) =>
                lot * Math.Exp(log([.. steps.Select((s, i) => i == i0 ? candidate : s)], ratio) - before)
                + (1 - lot) * Math.Exp(log([.. steps.Select((s, i) => i == i0 ? baseline : s)], ratio) - before);
        }
    }

    private static UnitCounts Counts(Random random)
    {
        var w = Shares[random.Next(Shares.Length)];
        var units = random.Next(4) == 0 ? 0 : (long)Math.Exp(9 * random.NextDouble());
        var candidate = (long)(units * random.NextDouble() * Math.Min(1, w / 2_000.0));
        return new(
            new Share(w),
            units - candidate,
            candidate,
            random.Next(3) * units * 10,
            random.Next(3) * candidate * 2,
            random.Next(3) == 0 ? null : random.NextDouble()
        );
    }
}

using Mintmark.Releases;
using Mintmark.Watch;

namespace Mintmark.Bench.Judge;

/// <summary>Candidate requests until ours finds a bad candidate, unit by unit, as the gateway looks at them.</summary>
internal static class Detection
{
    /// <summary>
    /// The gateway weighs on the candidate's bad answers and, so near the threshold, on a few answers after one: good
    /// answers of the baseline are evidence too.
    /// </summary>
    private const double Near = 2;
    private const int Few = 64;

    public static double Requests(Draws draws, Share share, double alpha, double baseline, double candidate)
    {
        var w = share.Fraction;
        var mean = w * candidate + (1 - w) * baseline;
        var badOnCandidate = w * candidate / mean;
        var goodOnCandidate = w * (1 - candidate) / (1 - mean);
        var threshold = -Math.Log(alpha);
        var counts = new UnitCounts(share, 0, 0, 0, 0, baseline);
        var few = 0;
        while (true)
        {
            var goods = draws.Misses(mean);
            for (; few > 0 && goods > 0; goods--, few--)
            {
                counts = Good(counts, draws.Chance(goodOnCandidate) ? 1 : 0, 1);
                if (WorseTest.Log([counts], alpha) >= threshold)
                    return counts.CandidateBad + counts.CandidateGood;
            }
            if (goods > 0)
                counts = Good(counts, draws.Hits(goods, goodOnCandidate), goods);
            if (!draws.Chance(badOnCandidate))
            {
                counts = counts with { BaselineBad = counts.BaselineBad + 1 };
                continue;
            }
            counts = counts with { CandidateBad = counts.CandidateBad + 1 };
            var evidence = WorseTest.Log([counts], alpha);
            if (evidence >= threshold)
                return counts.CandidateBad + counts.CandidateGood;
            few = evidence >= threshold - Near ? Few : 0;
        }
    }

    private static UnitCounts Good(UnitCounts counts, long candidate, long all) =>
        counts with
        {
            CandidateGood = counts.CandidateGood + candidate,
            BaselineGood = counts.BaselineGood + all - candidate,
        };
}

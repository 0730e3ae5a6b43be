using Mintmark.Releases;
using Mintmark.Watch;

namespace Mintmark.Bench.Judge.Peers;

/// <summary>Ours, held at one share as the fast rules are; what a second brings arrives in random order.</summary>
internal sealed class Ours(Share share, Draws draws, double alpha, double? past) : IPeer
{
    private const int Lifetime = 600;

    private readonly double threshold = -Math.Log(Alphas.Errors * alpha);
    private UnitCounts counts = new(share, 0, 0, 0, 0, past);

    public double Share => share.Fraction;

    /// <summary>Of the candidate's bad requests of the last second, those before the verdict, and when.</summary>
    public (long Bad, double Part) Until { get; private set; }

    public Stand Next(int now, Second second)
    {
        var (c, b) = (second.CandidateBad, second.BaselineBad);
        var bad = c + b;
        for (var i = 1; c + b > 0; i++)
        {
            var onCandidate = draws.Uniform() * (c + b) < c;
            if (onCandidate)
                c--;
            else
                b--;
            if (!onCandidate)
                continue;
            var part = i / (bad + 1.0);
            var until = Step(second, second.CandidateBad - c, second.BaselineBad - b, part);
            if (WorseTest.Log([until], Alphas.Errors * alpha) >= threshold)
            {
                Until = (second.CandidateBad - c, part);
                return Stand.Condemned;
            }
        }
        counts = Step(second, second.CandidateBad, second.BaselineBad, 1);
        return now >= Lifetime ? Stand.Promoted : Stand.Undecided;
    }

    private UnitCounts Step(Second second, long candidateBad, long baselineBad, double part) =>
        counts with
        {
            CandidateBad = counts.CandidateBad + candidateBad,
            BaselineBad = counts.BaselineBad + baselineBad,
            CandidateGood = counts.CandidateGood + (long)(part * (second.Candidate - second.CandidateBad)),
            BaselineGood = counts.BaselineGood + (long)(part * (second.Baseline - second.BaselineBad)),
        };
}

using Mintmark.Bench.Judge.Peers;

namespace Mintmark.Bench.Judge;

/// <summary>Traffic of a service, drawn second by second for whatever share a rule wants.</summary>
/// <param name="Requests">A second, in the mean.</param>
/// <param name="Baseline">Rate of errors by second.</param>
/// <param name="Candidate">Rate of errors by second.</param>
/// <param name="Retries">How often a client tries again at once after an error.</param>
/// <param name="Noisy">Of all errors, those of one client who stays with one version.</param>
internal sealed record Stream(
    double Requests,
    Func<int, double> Baseline,
    Func<int, double> Candidate,
    int Retries = 0,
    double Noisy = 0
)
{
    /// <summary>As long as any rule takes to decide.</summary>
    private const int Longest = 10_800;

    public static Stream Steady(double requests, double baseline, double candidate) =>
        new(requests, _ => baseline, _ => candidate);

    /// <summary>
    /// Ours counts a request once with its retries, and a client once; the others see every answer that is an error.
    /// </summary>
    public Run Play(IPeer peer, Draws draws)
    {
        var bad = 0L;
        var noisyOnCandidate = draws.Chance(peer.Share);
        for (var now = 1; now <= Longest; now++)
        {
            var second = Draw(now, peer, noisyOnCandidate, draws);
            var stand = peer.Next(now, second);
            if (stand == Stand.Condemned && peer is Ours ours)
                return new(stand, bad + ours.Until.Bad, now - 1 + ours.Until.Part);
            bad += second.CandidateBad;
            if (stand != Stand.Undecided)
                return new(stand, bad, now);
        }
        return new(Stand.Undecided, bad, Longest);
    }

    private Second Draw(int now, IPeer peer, bool noisyOnCandidate, Draws draws)
    {
        var requests = draws.Hits((long)(Requests * 100), 0.01);
        var candidate = draws.Hits(requests, peer.Share);
        var candidateBad = draws.Hits(candidate, Candidate(now));
        var baselineBad = draws.Hits(requests - candidate, Baseline(now));
        if (peer is Ours)
        {
            var first = Noisy > 0 && now == 1 ? 1 : 0;
            candidateBad = Math.Min(candidate, candidateBad + (noisyOnCandidate ? first : 0));
            return new(candidate, candidateBad, requests - candidate, baselineBad + (noisyOnCandidate ? 0 : first));
        }
        var baseline = requests - candidate + Retries * baselineBad;
        candidate += Retries * candidateBad;
        var noisy = draws.Hits(requests, Noisy * Baseline(now) / (1 - Noisy));
        candidateBad = candidateBad * (1 + Retries) + (noisyOnCandidate ? noisy : 0);
        baselineBad = baselineBad * (1 + Retries) + (noisyOnCandidate ? 0 : noisy);
        return new(Math.Max(candidate, candidateBad), candidateBad, Math.Max(baseline, baselineBad), baselineBad);
    }
}

/// <param name="Bad">Bad answers of the candidate until the rule decided.</param>
internal readonly record struct Run(Stand Stand, long Bad, double Seconds);

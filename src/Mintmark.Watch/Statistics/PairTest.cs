namespace Mintmark.Watch;

/// <summary>
/// The sign test on pairs of answers to the same request, that may be looked at after each of them. If a copy is no
/// likelier to fail than its original, then of the pairs in which just one failed it is the copy that did with
/// probability 1/2 at most, whatever came before. So (2p)^copies (2(1-p))^originals is a supermartingale for any p
/// above 1/2, the mean of several is one, and it ever passes 1/α with probability α at most (Ville's inequality).
/// </summary>
public static class PairTest
{
    private static readonly double[] Bets = [0.6, 0.75, 0.9, 0.99];

    /// <returns>ln of the e-value against "a copy is no likelier to fail".</returns>
    public static double Log(long copies, long originals)
    {
        Span<double> logs = stackalloc double[Bets.Length];
        for (var i = 0; i < logs.Length; i++)
            logs[i] = copies * Math.Log(2 * Bets[i]) + originals * Math.Log(2 * (1 - Bets[i])) - Math.Log(logs.Length);
        return LogSpace.Sum(logs);
    }
}

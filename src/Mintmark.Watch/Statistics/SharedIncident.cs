namespace Mintmark.Watch;

/// <summary>
/// Whether the baseline itself does worse than it did before: a reason to hold the ramp, never to condemn. As a test of
/// the candidate a fixed past rate would be wrong: in an incident that both arms share it condemns good versions.
/// </summary>
public static class SharedIncident
{
    /// <summary>Ordinary days differ by less than this ratio.</summary>
    public const double Ordinary = 2;

    /// <summary>Holding a ramp for nothing costs time only.</summary>
    public const double FalseAlarm = 0.001;

    /// <param name="bad">Bad requests of the baseline in a step.</param>
    /// <param name="good">Its other requests in the step.</param>
    /// <param name="pastRate">Its rate of bad requests before the step.</param>
    /// <returns>ln of an e-value against "at most <see cref="Ordinary"/> times the past rate".</returns>
    public static double Log(long bad, long good, double pastRate)
    {
        var alternatives = new RateAlternatives(Ordinary * pastRate);
        Span<double> logs = stackalloc double[RateAlternatives.Count];
        for (var k = 0; k < logs.Length; k++)
            logs[k] = alternatives.Log(k, bad, good) - Math.Log(logs.Length);
        return LogSpace.Sum(logs);
    }

    public static bool Is(long bad, long good, double pastRate) => Log(bad, good, pastRate) >= -Math.Log(FalseAlarm);
}

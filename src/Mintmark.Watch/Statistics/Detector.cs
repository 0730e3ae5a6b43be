using System.Collections.Immutable;

namespace Mintmark.Watch;

/// <summary>
/// Watches one arm alone for a change of its rate of bad requests, at a time nobody knows: the Shiryaev-Roberts
/// e-detector of Shin, Ramdas and Rinaldo (arXiv 2203.03532), a mean over alternatives of R = (1 + R) · L for each
/// batch with likelihood ratio L. Without a change its mean never exceeds the number of batches, so the mean time until
/// it reaches A is at least A batches. Immutable; it depends on the order of batches, as a detector of change must.
/// </summary>
public sealed class Detector
{
    private readonly RateAlternatives _alternatives;
    private readonly ImmutableArray<double> _logs;

    private Detector(RateAlternatives alternatives, ImmutableArray<double> logs) =>
        (_alternatives, _logs) = (alternatives, logs);

    /// <summary>ln of the detector: compare with ln of the wanted mean number of batches to a false alarm.</summary>
    public double Log => LogSpace.Sum(_logs.AsSpan()) - Math.Log(_logs.Length);

    /// <param name="ordinaryRate">What the rate may be without being a change, such as twice the past rate.</param>
    public static Detector Start(double ordinaryRate) =>
        new(
            new RateAlternatives(ordinaryRate),
            [.. Enumerable.Repeat(double.NegativeInfinity, RateAlternatives.Count)]
        );

    /// <summary>After one more batch: what was counted since the last one.</summary>
    public Detector Next(long bad, long good) =>
        bad < 0 || good < 0 || bad + good == 0
            ? this
            : new(_alternatives, [.. _logs.Select((log, k) => LogSpace.Add(0, log) + _alternatives.Log(k, bad, good))]);
}

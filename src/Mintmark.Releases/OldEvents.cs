using System.Text.Json;

namespace Mintmark.Releases;

/// <summary>Forms of events that older logs hold. They are read, and never written.</summary>
public abstract partial record Event
{
    /// <summary>What a stored event means today.</summary>
    /// <exception cref="JsonException">An old form lacks what it always had.</exception>
    internal static Event Current(Event stored) =>
        stored switch
        {
            Old.StepTaken1 e => new StepTaken(
                e.Release,
                e.Step,
                e.Share,
                e.SlowMicroseconds is { } p99 ? ByName.Of<long>(("slow-p99", p99)) : ByName<long>.Empty,
                ByName<decimal>.Empty
            ),
            Old.OutcomesReported1 e => new OutcomesReported(
                e.Release,
                e.Step,
                e.Gateway,
                Sequence: 0,
                e.Baseline.Current(),
                e.Candidate.Current()
            ),
            _ => stored,
        };

    public abstract record Old : Event
    {
        private Old() { }

        public sealed record StepTaken1(ReleaseId Release, int Step, Share Share, long? SlowMicroseconds) : Old;

        public sealed record OutcomesReported1(
            ReleaseId Release,
            int Step,
            string Gateway,
            Tally Baseline,
            Tally Candidate
        ) : Old;

        /// <summary>
        /// Slow was one thing then, beyond a multiple of the 99th percentile, and slow requests were counted too.
        /// </summary>
        public sealed record Tally(long? Requests, long? Errors, long? ErrorUnits, long? Slow, long? SlowUnits)
        {
            internal ArmTally Current() =>
                (Requests, Errors, ErrorUnits, Slow, SlowUnits)
                    is (>= 0 and var requests, >= 0 and var errors, >= 0 and var errorUnits, >= 0, >= 0 and var slow)
                    ? ArmTally.Of(requests, errors, (Indicators.Errors, errorUnits), ("slow-p99", slow))
                    : throw new JsonException(
                        "counts were requests, errors, errorUnits, slow and slowUnits, zero or more"
                    );
        }
    }
}

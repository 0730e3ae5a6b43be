using Mintmark.Releases;

namespace Mintmark.Watch;

/// <summary>What an open step still needs, and how long that takes at the rate at which it was used so far.</summary>
/// <param name="Requests">Candidate requests that end the step if none of them gives alarm.</param>
/// <param name="PerSecond">Candidate requests a second since the step was taken; null while there were none.</param>
/// <param name="Seconds">Until then, about; null where <paramref name="PerSecond"/> is.</param>
/// <param name="Value">At stake in candidate requests, that ends the step as well; null where none is declared.</param>
public sealed record Outlook(long Requests, double? PerSecond, double? Seconds, Money? Value = null)
{
    /// <returns>Null where no step is open, or it lacks something else than requests.</returns>
    public static Outlook? Of(State state, Release release, DateTimeOffset now)
    {
        if (release.Phase != Phase.Ramping || release.Steps[^1] is not { } step || step.HasPassed())
            return null;
        var seen = step.Total().Candidate;
        var (_, wanted, cap) = state.Plan(release).Steps[step.Step];
        var missing = wanted - seen.Exposed;
        var value = cap is null ? null : cap with { Amount = cap.Amount - seen.Value[cap.Currency] };
        if (missing <= 0 || value is { Amount: <= 0 })
            return null;
        var seconds = (now - step.At).TotalSeconds;
        // Nothing is known of a rate before the first request, nor by a clock that was set back.
        if (seen.Exposed <= 0 || seconds <= 0)
            return new Outlook(missing, null, null, value);
        var left = missing * seconds / seen.Exposed;
        if (value is not null && seen.Value[value.Currency] is > 0 and var exposed)
            left = Math.Min(left, (double)(value.Amount / exposed) * seconds);
        if (step is { Step: 0, Used: { } used })
            left = Math.Max(left, state.Plan(release).FirstStepSeconds() - (now - used).TotalSeconds);
        return new Outlook(missing, seen.Exposed / seconds, left, value);
    }
}

using Mintmark.Releases;

namespace Mintmark.Watch;

/// <summary>What an open step still needs, and how long that takes at the rate at which it was used so far.</summary>
/// <param name="Requests">Candidate requests that end the step if none of them gives alarm.</param>
/// <param name="PerSecond">Candidate requests a second since the step was taken; null while there were none.</param>
/// <param name="Seconds">Until then, about; null where <paramref name="PerSecond"/> is.</param>
public sealed record Outlook(long Requests, double? PerSecond, double? Seconds)
{
    /// <returns>Null where no step is open, or it lacks something else than requests.</returns>
    public static Outlook? Of(State state, Release release, DateTimeOffset now)
    {
        if (release.Phase != Phase.Ramping || release.Steps[^1] is not { } step || step.HasPassed())
            return null;
        var seen = step.Total().Candidate.Requests;
        var missing = state.Versions[release.Mark].Manifest.Rollout.Steps[step.Step].Requests - seen;
        if (missing <= 0)
            return null;
        var seconds = (now - step.At).TotalSeconds;
        // Nothing is known of a rate before the first request, nor by a clock that was set back.
        return seen > 0 && seconds > 0
            ? new Outlook(missing, seen / seconds, missing * seconds / seen)
            : new Outlook(missing, null, null);
    }
}

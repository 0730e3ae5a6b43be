using Mintmark.Releases;

namespace Mintmark.Cli;

/// <summary>How long each stage of a build took, as far as it was watched.</summary>
internal sealed class StageTimes
{
    private readonly SortedDictionary<BuildStage, DateTimeOffset> entered = [];
    private DateTimeOffset? built;

    public void See(Release release)
    {
        if (release.Stage is { } stage)
            entered.TryAdd(stage, release.PhaseSince);
        else if (release.Phase == Phase.Gating)
            built ??= release.PhaseSince;
    }

    public TimeSpan? Of(BuildStage stage)
    {
        if (!entered.TryGetValue(stage, out var start))
            return null;
        var next = entered.Where(e => e.Key > stage).Select(e => (DateTimeOffset?)e.Value).FirstOrDefault();
        return (next ?? built) - start;
    }
}

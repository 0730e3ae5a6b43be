namespace Mintmark.Releases;

/// <summary>
/// What a version is put through after the gate and before its first traffic. The gate says which of them it asks for:
/// with <see cref="Standing.Later"/> they are demanded, with <see cref="Standing.Observed"/> only reported.
/// </summary>
public static class Trials
{
    public const string KillRehearsed = "kill-rehearsed";
    public const string OneDigest = "instances-on-one-digest";

    public static bool IsDemanded(Release release, string control) =>
        release.Gate.Exists(c => c.Control == control && c.Standing == Standing.Later);

    /// <summary>Whether a halt of this version alone is tried before it has traffic.</summary>
    public static bool IsRehearsed(Release release) =>
        release.Kind == ReleaseKind.Ship
        && release.Gate.Exists(c => c.Control == KillRehearsed && c.Standing is Standing.Later or Standing.Observed);

    /// <summary>Why a release may not have its first traffic yet; null where nothing is open.</summary>
    public static string? Open(State state, Release release)
    {
        if (release.Phase != Phase.Starting)
            return null;
        if (release.Kind == ReleaseKind.Ship && Stale(state, release) is { } stale)
            return stale;
        if (!IsRehearsed(release))
            return null;
        return release.Rehearsal switch
        {
            null => "its kill is to be rehearsed",
            { Ended: null } => "its kill is being rehearsed",
            { Stopped: false, Found: var found } when IsDemanded(release, KillRehearsed) => $"{KillRehearsed}: {found}",
            _ => null,
        };
    }

    /// <summary>
    /// Why not all instances of a release's version run from its artifact: known from what each of them was seen to run
    /// from, not from what was asked. Where the gate demands it, one that nobody could look at is as bad.
    /// </summary>
    public static string? Stale(State state, Release release)
    {
        var mark = release.Mark;
        var wanted = Instances(state.Versions[mark].Manifest);
        var demanded = IsDemanded(release, OneDigest);
        if (wanted == 1 && !demanded)
            return null;
        var healthy = state.Running(mark).Where(i => i.Phase == InstancePhase.Healthy).ToList();
        if (healthy.Count < wanted)
            return $"{healthy.Count} of {wanted} instances of {mark} are healthy";
        var digest = state.Versions[mark].Artifact?.Digest;
        return healthy.Find(i => i.Digest != digest && (demanded || i.Digest is not null)) is { } stale
            ? $"{stale.Id} runs {stale.Digest ?? "from files that nobody has looked at"}, not {digest} as {mark} is"
            : null;
    }

    /// <summary>How many instances of a version run.</summary>
    public static int Instances(Manifest manifest) => manifest.Run.Instances ?? 1;
}

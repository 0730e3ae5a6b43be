using Mintmark.Gate;
using Mintmark.Journal;
using Mintmark.Releases;
using Mintmark.Yaml;

namespace Mintmark.Server;

/// <summary>What the gate would say, without shipping anything.</summary>
internal sealed class Gating(ReleaseJournal journal, ProfilePlace profiles, TimeProvider clock)
{
    private static readonly TimeSpan Ahead = TimeSpan.FromDays(7);
    private static readonly TimeSpan Soon = TimeSpan.FromDays(1);
    private static readonly Actor Nobody = new("nobody yet");

    /// <param name="commit">Anything that git resolves to one; null for the service's newest version.</param>
    /// <returns>Null where no such service was shipped.</returns>
    /// <exception cref="DeclaredException">What the team laid over its profile is damaged.</exception>
    /// <exception cref="Mintmark.Build.GitException">There is no such commit.</exception>
    public async Task<GateAnswer?> OfAsync(ServiceName name, string? commit, CancellationToken ct)
    {
        var state = journal.State;
        if (state.Find(name) is not { Builds: > 0 } service)
            return null;
        var newest = state.Versions[new Mark(name, service.Builds)];
        var built = commit is null ? newest : Built(state, name, commit);
        if (built is { Artifact: not null })
            return Of(state, built, isBuilt: true);
        if (commit is null)
            return Of(state, newest, isBuilt: false);
        var (source, manifest) = await Shipping.ReadAsync(newest.Source.Repository, commit, ct);
        var mark = new Mark(name, service.Builds + 1);
        var shipped = new Event.ShipRequested(state.NextRelease(), mark, source, manifest, "what would the gate say?");
        var would = Fold.Apply(state, new Entry(clock.GetUtcNow(), Nobody, shipped));
        return Of(would, would.Versions[mark], isBuilt: false) with { Mark = null, Release = null };
    }

    /// <summary>Freezes that are in force by the clock, or will be.</summary>
    /// <exception cref="DeclaredException">What the team laid over its profile is damaged.</exception>
    public IReadOnlyList<ComingFreeze> Freezes(State state, ServiceName service, TimeSpan ahead)
    {
        var now = clock.GetUtcNow();
        return
        [
            .. from held in FreezeReconciler.Windows(profiles, state, service, now)
            let window = held.Window
            let next = window.Holds(now) ? now : window.Next(now, ahead)
            where next is not null
            orderby next
            select new ComingFreeze($"{window}", window.Holds(now) ? null : next),
        ];
    }

    /// <summary>Windows that begin within a day. Null for none, and where they cannot be read.</summary>
    public IReadOnlyList<ComingFreeze>? ComingTo(State state, ServiceName service)
    {
        try
        {
            var coming = Freezes(state, service, Soon).Where(f => f.Begins is not null).ToList();
            return coming.Count == 0 ? null : coming;
        }
        catch (DeclaredException)
        {
            return null;
        }
    }

    private static ServiceVersion? Built(State state, ServiceName name, string commit) =>
        commit.Length >= 7 && commit.All(char.IsAsciiHexDigitLower)
            ? state.Versions.Values.LastOrDefault(v =>
                v.Mark.Service == name
                && v.Artifact is not null
                && v.Source.Commit.StartsWith(commit, StringComparison.Ordinal)
            )
            : null;

    private GateAnswer Of(State state, ServiceVersion version, bool isBuilt)
    {
        var now = clock.GetUtcNow();
        var release = state.Releases[version.BuiltBy];
        var policy = profiles.PolicyOf(version.Manifest.Profile, state, release, now);
        var controls = isBuilt
            ? Explanation.Of(state, release, policy, now)
            : Explanation.OfUnbuilt(state, release, policy, now);
        return new(
            version.Mark.Service,
            version.Source.Commit,
            version.Mark,
            release.Id,
            policy.Profile,
            policy.Version,
            policy.Digest(),
            Verdict(controls),
            controls,
            Freezes(state, version.Mark.Service, Ahead),
            policy.Uncounted
        );
    }

    private static GateVerdict Verdict(IReadOnlyList<Explained> controls) =>
        controls.Any(c => c.Place is Place.Refused or Place.NotCovered) ? GateVerdict.Refused
        : controls.Any(c => c.Place == Place.ABuildWillTell) ? GateVerdict.ABuildWillTell
        : controls.Any(c => c.Place == Place.Awaited) ? GateVerdict.Waits
        : GateVerdict.Passes;
}

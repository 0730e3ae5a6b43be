using Mintmark.Journal;
using Mintmark.Log;
using Mintmark.Releases;

namespace Mintmark.Simulation;

/// <summary>What must hold of persons in every log, whoever said what in whatever order.</summary>
internal static class PeopleChecks
{
    private const string Approved = "approved-by-another";

    public static IEnumerable<string> OfLog(IEnumerable<StoredEntry> entries)
    {
        var folding = new Folding(State.Empty);
        foreach (var stored in entries)
        {
            var entry = EntryCodec.Decode(stored.Index, stored.Body);
            foreach (var breach in Of(folding, entry))
                yield return $"entry {stored.Index}: {breach}";
            folding.Add(entry);
        }
    }

    /// <summary>By the state before the entry.</summary>
    private static IEnumerable<string> Of(Folding before, Entry entry) =>
        entry.Event switch
        {
            Event.GateDecided e when !e.Controls.Any(c => c.Refuses) => LetThrough(
                before.State,
                before.State.Releases[e.Release],
                entry.At
            ),
            Event.StepTaken { Step: 0 } e => Traffic(before.State, before.State.Releases[e.Release]),
            Event.Promoted e => Traffic(before.State, before.State.Releases[e.Release]),
            _ => [],
        };

    private static IEnumerable<string> LetThrough(State state, Release release, DateTimeOffset at)
    {
        var approvals = Duties.Counting(state, release);
        if (approvals.Any(a => a.By.Actor == release.By))
            yield return $"{release.Id} was approved by who asked for it";
        if (release.Emergency && approvals.Count == 0)
            yield return $"{release.Id}, an emergency, was let through by one person";
        if (
            !release.Emergency
            && Duties.IsEnforced(state, release.Service, Approved, release, at)
            && Asks(state, release)
            && approvals.Count == 0
        )
            yield return $"{release.Id} was let through without an approval";
        if (!release.Emergency && Duties.Unreviewed(state, release.Service).Any())
            yield return $"{release.Id} was let through though an emergency was not looked at";
    }

    /// <summary>The profile of this service has the control.</summary>
    private static bool Asks(State state, Release release) =>
        state.Versions[release.Mark].Manifest.Profile == "automated-trading";

    private static IEnumerable<string> Traffic(State state, Release release)
    {
        if (release.Kind != ReleaseKind.Ship)
            yield break;
        if (release.Gate.IsEmpty)
            yield return $"{release.Id} has traffic and no gate";
        if (
            release.Phase == Phase.Starting
            && Trials.IsDemanded(release, Trials.KillRehearsed)
            && release.Rehearsal is not { Stopped: true }
        )
            yield return $"{release.Id} has traffic and its kill was not rehearsed";
    }
}

using Mintmark.Journal;
using Mintmark.Log;
using Mintmark.Releases;

namespace Mintmark.Evidence;

/// <summary>What the log says of the making of one version.</summary>
/// <param name="Entries">Index of each entry that says so, by the name of its proof.</param>
internal sealed record VersionStory(
    Mark Mark,
    ReleaseId Release,
    Source Source,
    Manifest Manifest,
    Artifact Artifact,
    IReadOnlyList<SuiteResult> Suites,
    (Event.GateDecided Decided, DateTimeOffset At)? Gate,
    IReadOnlyList<(string Name, long Index)> Entries
)
{
    public const string ProofEnding = ".tlog-proof";
    public const string Shipped = "shipped";
    public const string Built = "built";
    public const string Decided = "gate";

    public static string Tested(string suite) => $"suite-{suite}";

    /// <exception cref="EvidenceException">The log has no such version, or it was never built.</exception>
    public static VersionStory Find(ILogStorage storage, Mark mark)
    {
        var told = new SortedDictionary<string, (long Index, Entry Entry)>(StringComparer.Ordinal);
        ReleaseId? release = null;
        foreach (var stored in storage.Read(0))
        {
            var entry = EntryCodec.Decode(stored.Index, stored.Body);
            if (entry.Event is Event.ShipRequested shipped && shipped.Mark == mark)
                release = shipped.Release;
            // A build that starts again runs its suites again: the later result stands.
            if (release is { } of && NameOf(entry.Event, of) is { } name)
                told[name] = (stored.Index, entry);
        }
        if (!told.ContainsKey(Shipped))
            throw new EvidenceException($"the log has no version {mark}");
        return told.ContainsKey(Built)
            ? Of(told.Select(t => (t.Key, t.Value.Index, t.Value.Entry)))
            : throw new EvidenceException($"{mark} was never built");
    }

    /// <summary>From entries of one release, as their proofs give them.</summary>
    /// <exception cref="EvidenceException">They do not fit together.</exception>
    public static VersionStory Of(IEnumerable<(string Name, long Index, Entry Entry)> entries)
    {
        var all = entries.ToList();
        var shipped = All<Event.ShipRequested>().FirstOrDefault();
        var built = All<Event.VersionBuilt>().FirstOrDefault();
        if (shipped is null || built is null)
            throw new EvidenceException("no proof says what was shipped and what was built");
        foreach (var (name, _, entry) in all)
            if (NameOf(entry.Event, shipped.Release) != name)
                throw new EvidenceException($"{name}{ProofEnding} is about something else");
        var gate = all.Where(e => e.Entry.Event is Event.GateDecided).Select(e => e.Entry).FirstOrDefault();
        return new VersionStory(
            shipped.Mark,
            shipped.Release,
            shipped.Source,
            shipped.Manifest,
            built.Artifact,
            [.. All<Event.SuiteFinished>().Select(s => s.Result)],
            gate is null ? null : ((Event.GateDecided)gate.Event, gate.At),
            [.. all.Select(e => (e.Name, e.Index))]
        );

        IEnumerable<T> All<T>()
            where T : Event => all.Select(e => e.Entry.Event).OfType<T>();
    }

    private static string? NameOf(Event what, ReleaseId release) =>
        what switch
        {
            Event.ShipRequested e when e.Release == release => Shipped,
            Event.SuiteFinished e when e.Release == release => Tested(e.Result.Suite),
            Event.VersionBuilt e when e.Release == release => Built,
            Event.GateDecided e when e.Release == release => Decided,
            _ => null,
        };
}

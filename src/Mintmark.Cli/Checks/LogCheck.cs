using Mintmark.Journal;
using Mintmark.Log;
using Mintmark.Server;

namespace Mintmark.Cli;

/// <summary>
/// Holds a log against its signed checkpoints, and its fold against the state: that of the control plane that runs, or
/// the one that an export brings along. Writes nothing.
/// </summary>
internal sealed class LogCheck(Terminal terminal, IReadOnlyList<WitnessVerifier>? witnesses = null)
{
    /// <summary>The log of a home folder, whether or not a control plane writes to it meanwhile.</summary>
    /// <param name="live">What the control plane said before the log was opened, so that the log has all of it.</param>
    public LogVerdict OfHome(Home home, LogVerifier? given, StateAnswer? live, IReadOnlyList<string> notes)
    {
        try
        {
            using var storage = LogPlace.OpenReadOnly(home);
            using var own = given is null ? LogKeys.OfHome(home) : null;
            var verdict = OfStorage(storage, given ?? own!, live);
            var note = new WitnessedCheckpoint(home.Witnessed).Note;
            using var entries = LogPlace.OpenReadOnly(home);
            return Witnessed(verdict, note, Home.LogOrigin, entries.Read(0)) with
            {
                Of = LogPlace.TextOf(home),
                Key = given is null ? "own" : "given",
                Notes = notes,
            };
        }
        catch (LogCorruptException wrong)
        {
            var finding = new LogFinding(wrong.What, wrong.Index);
            return new LogVerdict(LogPlace.TextOf(home), "-", 0, "-", null, null, false, [finding], notes, []);
        }
    }

    public LogVerdict OfExport(string folder, LogVerifier? trusted)
    {
        var report = LogExport.Verify(folder, trusted, EntryCodec.HandoverOf);
        // The log's part knows nothing of the state beside it: that file is held against the fold here.
        List<LogFinding> findings =
        [
            .. report.Findings.Where(f => f.File is not (StateFile.Name or WitnessedUpTo.FileName)),
        ];
        var folded = FoldedWhere(findings, LogExport.Read(folder), report.Entries, null);
        if (folded?.State is { } state && StateFile.Differs(folder, state) is { } differs)
            findings.Add(differs);
        var note = new WitnessedCheckpoint(Path.Combine(folder, WitnessedUpTo.FileName)).Note;
        var verdict = Witnessed(
            Verdict(report, folded, findings, null),
            note,
            Home.LogOrigin,
            findings.Count == 0 ? LogExport.Read(folder) : []
        );
        return trusted is not null
            ? verdict with
            {
                Of = folder,
                Key = "given",
            }
            : verdict with
            {
                Of = folder,
                Key = "brought along",
                Notes = ["held against the key that it brings along; name one that you trust with --key"],
            };
    }

    private LogVerdict Witnessed(LogVerdict verdict, string? note, string origin, IEnumerable<StoredEntry> entries)
    {
        List<LogFinding> findings = [.. verdict.Findings];
        var held = WitnessedUpTo.Of(witnesses ?? [], note, origin, entries, findings);
        return verdict with { Findings = findings, Verified = findings.Count == 0, Witnesses = held };
    }

    private LogVerdict OfStorage(ILogStorage storage, LogVerifier verifier, StateAnswer? live)
    {
        var hashing = new Counter(terminal, "hashing");
        using var counted = new CountedStorage(storage, count => hashing.Reach(count, storage.Size));
        var report = LogVerification.Verify(counted, verifier, EntryCodec.HandoverOf);
        hashing.Clear();
        List<LogFinding> findings = [.. report.Findings];
        var folded = FoldedWhere(findings, storage.Read(0), storage.Size, live?.Size);
        List<LogFinding> differences = live is null ? [] : [.. DifferencesTo(live, storage, folded)];
        return Verdict(report, folded, [.. findings, .. differences], live is null ? null : differences.Count == 0);
    }

    /// <summary>Folds entries that are what was signed: the fold of others says nothing.</summary>
    private Folded? FoldedWhere(List<LogFinding> findings, IEnumerable<StoredEntry> entries, long total, long? stop)
    {
        if (findings.Count > 0)
            return null;
        var folded = Folded.Of(Counted(entries, total), stop);
        if (folded.Finding is { } wrong)
            findings.Add(wrong);
        return folded;
    }

    private static LogVerdict Verdict(LogReport report, Folded? folded, List<LogFinding> findings, bool? live) =>
        new(
            "",
            "",
            report.Entries,
            $"{report.Root}",
            folded?.State is { } state ? EntryCodec.Digest(state) : null,
            live,
            findings.Count == 0,
            findings,
            [],
            report.Keys?.Split('\n') ?? []
        );

    private static IEnumerable<LogFinding> DifferencesTo(StateAnswer live, ILogStorage storage, Folded? folded)
    {
        if (storage.Size < live.Size)
        {
            yield return new($"it is missing: the running control plane has {live.Size} entries", storage.Size);
            yield break;
        }
        if (folded?.State is not null && folded!.DigestAtStop != live.Digest)
            yield return new($"the running control plane's state at {live.Size} entries is not the fold of the log");
        var note = storage.Checkpoints(live.Size).FirstOrDefault(c => c.Size == live.Size).Checkpoint;
        if (live.Size > 0 && (note is null || RootOf(note) != live.Root))
            yield return new($"the running control plane has another root at {live.Size} entries");
    }

    private static string? RootOf(string note)
    {
        try
        {
            return $"{Checkpoint.OfNote(note).Root}";
        }
        catch (LogCorruptException)
        {
            // Found and named already by the verification of all checkpoints.
            return null;
        }
    }

    private IEnumerable<StoredEntry> Counted(IEnumerable<StoredEntry> entries, long total)
    {
        var folding = new Counter(terminal, "folding");
        foreach (var entry in entries)
        {
            folding.Reach(entry.Index + 1, total);
            yield return entry;
        }
        folding.Clear();
    }
}

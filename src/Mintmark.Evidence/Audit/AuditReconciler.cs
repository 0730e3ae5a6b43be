using Mintmark.Journal;
using Mintmark.Log;
using Mintmark.Releases;

namespace Mintmark.Evidence;

/// <summary>
/// Holds what runs against advisories again whenever these change: what was fine at the gate may not be any more. It
/// records and tells; nothing is taken out of service for it.
/// </summary>
/// <param name="notice">Told what is open at present; null where nothing is.</param>
public sealed class AuditReconciler(
    ReleaseJournal journal,
    KeptBodies kept,
    AdvisoryPlace advisories,
    TimeProvider clock,
    Action<string?> notice
) : IReconciler
{
    private static readonly Actor Self = new("mintmark/audit");

    private readonly Dictionary<string, IReadOnlyList<string>> purls = [];
    private (DateTimeOffset At, string Running)? last;

    public string Name => "audit";

    public TimeSpan Period { get; } = TimeSpan.FromMinutes(1);

    public async Task ReconcileAsync(CancellationToken ct)
    {
        var state = journal.State;
        var now = clock.GetUtcNow();
        var running = state.Running().Select(i => i.Mark).Distinct().Order().ToList();
        // The state changes several times a second, advisories a few times a day.
        var what = string.Join(' ', running);
        if (last is var (at, before) && before == what && now - at < Period)
            return;
        var open = new List<string>();
        foreach (var mark in running)
        {
            var version = state.Versions[mark];
            if (AuditOf(version, now) is not { } audit)
                continue;
            var summary = audit.Summary();
            if (!Same(summary, version.Audited?.Audit ?? version.Artifact!.Evidence!.Audit))
                await journal.ExecuteAsync(new Command.Record(new Event.ComponentsAudited(mark, summary)), Self, ct);
            open.AddRange(Told(mark, audit, now));
        }
        notice(open.Count == 0 ? null : string.Join("; ", open));
        last = (now, what);
    }

    private ComponentAudit? AuditOf(ServiceVersion version, DateTimeOffset now)
    {
        if (version.Artifact?.Evidence?.Find(Sbom.FileName) is not { } sbom)
            return null;
        if (!purls.TryGetValue(sbom.Digest, out var known))
        {
            var bytes = kept.Read(Hash.Parse(sbom.Digest["sha256:".Length..]));
            known = bytes is null ? [] : Sbom.Purls(sbom.Name, bytes);
            purls[sbom.Digest] = known;
        }
        return advisories.Audit(known, now);
    }

    private static IEnumerable<string> Told(Mark mark, ComponentAudit audit, DateTimeOffset now)
    {
        if (audit.Open.Count == 0)
            yield break;
        var oldest = audit.Open.MinBy(f => f.Known)!;
        var more = audit.Open.Count > 1 ? $" and {audit.Open.Count - 1} more" : "";
        var days = Math.Max(0, (int)(now - oldest.Known).TotalDays);
        yield return $"{mark} runs with {oldest.Advisory} in {oldest.Purl}, known for {days} days{more}";
    }

    private static bool Same(AuditSummary a, AuditSummary? b) =>
        b is not null
        && a.Snapshot == b.Snapshot
        && a.Findings == b.Findings
        && a.Open.SequenceEqual(b.Open)
        && a.Excused.SequenceEqual(b.Excused);
}

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
    SupportPlace support,
    TimeProvider clock,
    Action<string?> notice
) : IReconciler
{
    private static readonly Actor Self = new("mintmark/audit");

    private readonly Dictionary<string, Bill> bills = [];
    private const int MostProducts = 3;

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
            if (version.Artifact?.Evidence?.Find(Sbom.FileName) is not { } sbom)
                continue;
            if (BillOf(sbom) is not { } bill)
            {
                open.Add($"{mark} is held against nothing: {Bill.Missing(sbom)}");
                continue;
            }
            open.AddRange(Unsupported(version, bill, now));
            if (advisories.Audit(bill.Purls, now) is not { } audit)
                continue;
            var summary = audit.Summary();
            if (!Same(summary, version.Audited?.Audit ?? version.Artifact!.Evidence!.Audit))
                await journal.ExecuteAsync(new Command.Record(new Event.ComponentsAudited(mark, summary)), Self, ct);
            open.AddRange(Told(mark, audit, now));
        }
        notice(open.Count == 0 ? null : string.Join("; ", open));
        last = (now, what);
    }

    /// <summary>Null where it is not there; it may be put back.</summary>
    private Bill? BillOf(EvidenceFile sbom)
    {
        if (!bills.TryGetValue(sbom.Digest, out var known) && Bill.Kept(kept, sbom) is { } bill)
            bills[sbom.Digest] = known = bill;
        return known;
    }

    private IEnumerable<string> Unsupported(ServiceVersion version, Bill bill, DateTimeOffset now)
    {
        var parts = version.Artifact!.Tools.Select(SupportedPart.Of).Concat(bill.Parts());
        var past = support.Table().Past(parts, SupportTable.DayOf(now));
        if (past.Count == 0)
            yield break;
        var products = past.Select(p => $"{p}").Distinct().ToList();
        var more = products.Count > MostProducts ? $" and {products.Count - MostProducts} more" : "";
        yield return $"{version.Mark} runs with what its makers support no more: "
            + $"{string.Join(", ", products.Take(MostProducts))}{more}";
    }

    private static IEnumerable<string> Told(Mark mark, ComponentAudit audit, DateTimeOffset now)
    {
        if (audit.Open.Count == 0)
            yield break;
        var oldest = audit.Open.MinBy(f => f.Known)!;
        var worst = audit.Open[0].Score is { } score ? $"worst CVSS score {score:0.0}" : "one without a CVSS score";
        var more = audit.Open.Count > 1 ? $" and {audit.Open.Count - 1} more" : "";
        var days = Math.Max(0, (int)(now - oldest.Known).TotalDays);
        yield return $"{mark} runs with {oldest.Advisory} in {oldest.Purl}, known for {days} days{more}, {worst}";
    }

    private static bool Same(AuditSummary a, AuditSummary? b) =>
        b is not null
        && a.Snapshot == b.Snapshot
        && a.Findings == b.Findings
        && a.Open.SequenceEqual(b.Open)
        && a.Excused.SequenceEqual(b.Excused);
}

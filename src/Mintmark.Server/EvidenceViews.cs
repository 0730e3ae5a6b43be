using Mintmark.Evidence;
using Mintmark.Journal;
using Mintmark.Log;
using Mintmark.Releases;

namespace Mintmark.Server;

/// <summary>Answers about test cases, components and advisories.</summary>
internal sealed class EvidenceViews(
    ReleaseJournal journal,
    CaseBooks books,
    KeptBodies kept,
    AdvisoryPlace advisories,
    SupportPlace support,
    FetchedFiles fetched,
    MirrorReconciler mirror,
    ControlPlaneOptions options,
    TimeProvider clock
)
{
    /// <param name="requirement">Null for all.</param>
    /// <returns>Null where no full suite of the service has left results yet.</returns>
    public CasesAnswer? Cases(ServiceName service, string? requirement) =>
        books.Latest(service) is { } book
            ? CaseAnswers.Of(book, journal.State.Find(service)?.Retired, requirement)
            : null;

    /// <returns>Null where it was never built to its end.</returns>
    /// <exception cref="MaterialsException">What it was built of is not there any more.</exception>
    public ComponentsAnswer? Components(Mark mark)
    {
        if (journal.State.Versions.GetValueOrDefault(mark)?.Artifact is not { Evidence: { } evidence } artifact)
            return null;
        var bill = Read(mark, evidence);
        var now = clock.GetUtcNow();
        var audit = advisories.Audit(bill.Purls, now);
        var table = support.Table();
        var today = SupportTable.DayOf(now);
        var past = table.Past(artifact.Tools.Select(SupportedPart.Of).Concat(bill.Parts()), today);
        return new ComponentsAnswer(
            mark,
            bill.Purls.GroupBy(p => p["pkg:".Length..p.IndexOf('/', StringComparison.Ordinal)])
                .ToDictionary(g => g.Key, g => g.Count()),
            artifact.Tools,
            [.. bill.Systems.Select(s => $"{s.Id} {s.Version}")],
            bill.NotCovered,
            audit?.Snapshot.Digest,
            audit?.Snapshot.Advisories,
            [.. audit?.Open.Select(f => Of(f, now)) ?? []],
            [
                .. audit?.Excused.Select(e => new ExcusedAnswer(
                    e.Finding.Advisory,
                    e.Finding.Purl,
                    e.By.Name,
                    e.By.Expires
                )) ?? [],
            ],
            table.Digest,
            [
                .. past.Select(p => new PastSupportAnswer(
                    p.Product,
                    p.Cycle,
                    p.Part,
                    p.Ended,
                    today.DayNumber - p.Ended.DayNumber
                )),
            ]
        );
    }

    public AdvisoriesAnswer Advisories()
    {
        var plan = MirrorPlan.Read(options.Home.AdvisoryMirror);
        var list = fetched.List();
        var snapshot = advisories.Snapshot();
        return new AdvisoriesAnswer(
            advisories.Sources,
            [.. plan?.Addresses.Select(MirrorPlan.Shown) ?? []],
            (long?)plan?.Every?.TotalSeconds,
            list?.At,
            list is null ? null : Math.Max(0, (long)(clock.GetUtcNow() - list.At).TotalSeconds),
            mirror.Failure,
            snapshot?.Digest,
            snapshot?.Advisories
        );
    }

    /// <exception cref="MaterialsException">It was kept, and is not there or damaged.</exception>
    private Bill Read(Mark mark, BuildEvidence evidence)
    {
        if (evidence.Find(Sbom.FileName) is not { } sbom)
            return Bill.Empty;
        return Bill.Kept(kept, sbom) ?? throw new MaterialsException($"{mark}", "as a whole", Bill.Missing(sbom));
    }

    private static FindingAnswer Of(Finding finding, DateTimeOffset now) =>
        new(
            finding.Advisory,
            finding.Aliases,
            finding.Purl,
            finding.Summary,
            finding.Score,
            finding.Known,
            Math.Max(0, (int)(now - finding.Known).TotalDays)
        );
}

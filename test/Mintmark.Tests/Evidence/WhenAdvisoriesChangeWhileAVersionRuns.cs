using System.Text;
using Mintmark.Evidence;
using Mintmark.Log;
using Mintmark.Releases;
using Mintmark.Tests.Watch;
using Xunit;

namespace Mintmark.Tests.Evidence;

public sealed class WhenAdvisoriesChangeWhileAVersionRuns : IDisposable
{
    private readonly Story story = Story.InAJournal();
    private readonly Advisories advisories = new();
    private readonly string folder = Directory.CreateTempSubdirectory("mintmark-kept-").FullName;
    private readonly AuditReconciler reconciler;
    private string? told;

    public WhenAdvisoriesChangeWhileAVersionRuns()
    {
        var kept = new KeptBodies(folder);
        var bill = Encoding.UTF8.GetBytes(Made.Sbom(Made.Of(LockFiles.Npm)));
        var sbom = new EvidenceFile(Sbom.FileName, $"sha256:{kept.Keep(bill)}", bill.Length);
        story.Shipped();
        story.Then(
            new Event.VersionBuilt(
                story.Release.Id,
                new($"sha256:{new string('a', 64)}", 1_024, [], story.Now, Story.Evidence with { Files = [sbom] })
            )
        );
        story.Gated().Admitted().Started();
        reconciler = new AuditReconciler(
            story.Journal!,
            kept,
            advisories.Place,
            new SupportPlace(Path.Combine(folder, SupportTable.FileName)),
            story.Clock,
            what => told = what
        );
    }

    private IEnumerable<AuditSummary> Recorded =>
        story.Journal!.Read(0).Select(e => e.Entry.Event).OfType<Event.ComponentsAudited>().Select(e => e.Audit);

    public void Dispose()
    {
        story.Dispose();
        advisories.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task WhatIsKnownNowIsRecordedOnceAndToldWithItsAge()
    {
        advisories.With("ws.json", Advisories.Ws);
        await ReconcileAsync();
        await ReconcileAsync();

        Assert.Equal(["GHSA-ws in pkg:npm/ws@8.18.0"], Assert.Single(Recorded).Open);
        Assert.Equal(1, story.State.Versions[story.Candidate].Audited!.Audit.Findings);
        var days = (int)(story.Now - new DateTimeOffset(2024, 6, 17, 19, 9, 12, TimeSpan.Zero)).TotalDays;
        Assert.Equal(
            $"bank-1 runs with GHSA-ws in pkg:npm/ws@8.18.0, known for {Math.Max(0, days)} days, "
                + "one without a CVSS score",
            told
        );
    }

    [Fact]
    public async Task AStatementEndsTheNotice()
    {
        advisories.With("ws.json", Advisories.Ws);
        await ReconcileAsync();
        advisories.Excusing("GHSA-ws", "pkg:npm/ws", until: "2090-01-01");
        await ReconcileAsync();

        Assert.Null(told);
        Assert.Equal([1, 0], Recorded.Select(a => a.Findings));
    }

    [Fact]
    public async Task ALaterSnapshotWithoutNewsIsRecordedWithItsDigest()
    {
        advisories.With("ws.json", Advisories.Ws);
        await ReconcileAsync();
        advisories.With("other.json", """{"id":"B","modified":"2025-01-01T00:00:00Z"}""");
        await ReconcileAsync();

        Assert.Equal(2, Recorded.Select(a => a.Snapshot).Distinct().Count());
    }

    [Fact]
    public async Task WhatItsMakersSupportNoMoreIsTold()
    {
        await File.WriteAllTextAsync(
            Path.Combine(folder, SupportTable.FileName),
            "product,match,cycle,ended\nws,pkg:npm/ws,8.18,1999-12-31\nws,pkg:npm/ws,8,2999-12-31\n"
        );
        await ReconcileAsync();

        Assert.Equal("bank-1 runs with what its makers support no more: ws 8.18 since 1999-12-31", told);
    }

    [Fact]
    public async Task WithoutAdvisoriesNothingIsRecorded()
    {
        await ReconcileAsync();

        Assert.Empty(Recorded);
        Assert.Null(told);
    }

    private Task ReconcileAsync()
    {
        story.After(61);
        return reconciler.ReconcileAsync(CancellationToken.None);
    }
}

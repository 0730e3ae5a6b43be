using System.Net;
using System.Text;
using Mintmark.Evidence;
using Mintmark.Log;
using Mintmark.Releases;
using Mintmark.Server;
using Mintmark.Tests.Watch;
using Xunit;

namespace Mintmark.Tests.Evidence;

public sealed class WhenAdvisoriesChangeWhileAVersionRuns : IDisposable
{
    private readonly Story story = Story.InAJournal();
    private readonly Advisories advisories = new();
    private readonly string folder = Directory.CreateTempSubdirectory("mintmark-kept-").FullName;
    private readonly AuditReconciler reconciler;
    private readonly KeptBodies kept;
    private readonly string bill;
    private string? told;

    public WhenAdvisoriesChangeWhileAVersionRuns()
    {
        kept = new KeptBodies(folder);
        var bytes = Encoding.UTF8.GetBytes(Made.Sbom(Made.Of(LockFiles.Npm)));
        bill = Path.Combine(folder, $"{kept.Keep(bytes)}");
        var sbom = new EvidenceFile(Sbom.FileName, $"sha256:{Path.GetFileName(bill)}", bytes.Length);
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
    public async Task ABillOfMaterialsThatIsGoneIsATroubleAndNoCleanAudit()
    {
        advisories.With("ws.json", Advisories.Ws);
        var bytes = await File.ReadAllBytesAsync(bill);
        File.Delete(bill);
        await ReconcileAsync();

        Assert.Empty(Recorded);
        var missing = $"its bill of materials is not there: restore evidence/{Path.GetFileName(bill)} of the home";
        Assert.Equal($"bank-1 is held against nothing: {missing}", told);
        var asked = Assert.Throws<MaterialsException>(() => Components(story.Candidate));
        Assert.Equal($"bank-1, as a whole: {missing}", asked.Message);

        kept.Keep(bytes);
        await ReconcileAsync();
        Assert.Equal(["GHSA-ws in pkg:npm/ws@8.18.0"], Assert.Single(Recorded).Open);
        Assert.Single(Components(story.Candidate)!.Open);
    }

    [Fact]
    public async Task WithoutAdvisoriesNothingIsRecorded()
    {
        await ReconcileAsync();

        Assert.Empty(Recorded);
        Assert.Null(told);
    }

    private ComponentsAnswer? Components(Mark mark)
    {
        using var http = new HttpClient();
        var files = new FetchedFiles(Path.Combine(folder, "fetched"));
        var fetching = new AdvisoryMirror(http, files, MirrorLimits.Usual);
        using var mirror = new MirrorReconciler(
            story.Journal!,
            fetching,
            files,
            advisories.Place,
            Path.Combine(folder, MirrorPlan.FileName),
            story.Clock,
            _ => { }
        );
        return new EvidenceViews(
            story.Journal!,
            new CaseBooks(kept, () => story.State),
            kept,
            advisories.Place,
            new SupportPlace(Path.Combine(folder, SupportTable.FileName)),
            files,
            mirror,
            new(new Home(folder), new(new(IPAddress.Loopback, 1), new(IPAddress.Loopback, 2))),
            story.Clock
        ).Components(mark);
    }

    private Task ReconcileAsync()
    {
        story.After(61);
        return reconciler.ReconcileAsync(CancellationToken.None);
    }
}

using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Mintmark.Evidence;
using Mintmark.Journal;
using Mintmark.Log;
using Mintmark.Releases;
using Mintmark.Tests.Log;

namespace Mintmark.Tests.Evidence;

/// <summary>A log with a version that was built, tested and gated, and what was kept of it.</summary>
sealed class EvidenceHome : IDisposable
{
    private static readonly Actor Alice = new("alice");

    private readonly LogFolder folder = new();
    private readonly KeptBodies kept;

    public EvidenceHome()
    {
        kept = new KeptBodies(folder.In("evidence"));
        var suites = new[] { Suite("smoke"), Suite("full") };
        var version = Made.Version with { Suites = suites };
        var artifact = version.Artifact with
        {
            Evidence = new EvidenceMaker(
                kept,
                Key,
                new AdvisoryPlace(folder.In("advisories"), folder.In("vex")),
                new CaseBooks(kept, () => State.Empty)
            ).Make(
                version with
                {
                    Ran = [new RanSuite("full", [new RanCase("a", CaseResult.Passed, 1, [], [])])],
                },
                Made.Of(LockFiles.All),
                SourceLinks.Of(Made.Facts("PAY-1 round down"), null)
            ),
        };
        Append(
            new Event.ShipRequested(version.Release, version.Mark, version.Source, version.Manifest, "a test"),
            new Event.SuiteFinished(version.Release, suites[0]),
            // A build that starts again: the later result stands.
            new Event.SuiteFinished(version.Release, suites[0] with { Passed = 2 }),
            new Event.SuiteFinished(version.Release, suites[0]),
            new Event.SuiteFinished(version.Release, suites[1]),
            new Event.VersionBuilt(version.Release, artifact),
            new Event.GateDecided(version.Release, [new ControlResult("smoke-suite-passed", true, "1 case passed")]),
            new Event.Frozen(null, "after it")
        );
    }

    public StatementKey Key { get; } = StatementKey.Create();

    public string Folder => folder.In("exported");

    public string In(string name) => folder.In(name);

    public string Results(string suite) => folder.In($"{suite}.xml");

    /// <summary>From the next entry on another key signs the log.</summary>
    public void RotateKey()
    {
        using var next = LogKey.Create();
        var storage = SqliteStorage.Open(folder.Database);
        using var log = MerkleLog.Open(storage, folder.Key, LogFolder.Origin);
        var at = DateTimeOffset.UnixEpoch.AddSeconds(180);
        log.Rotate(next, note => EntryCodec.Encode(new Entry(at, Alice, new Event.LogKeyRotated(note, "yearly"))));
        log.Append([EntryCodec.Encode(new Entry(at, Alice, new Event.Frozen(null, "after it")))]);
    }

    public void Export(Mark? mark = null)
    {
        using var storage = SqliteStorage.OpenReadOnly(folder.Database);
        new EvidenceExport(storage, kept, Key, (_, suite) => Results(suite)).Write(
            mark ?? Made.Version.Mark,
            Folder,
            folder.VerifierText
        );
    }

    public EvidenceVerdict Check()
    {
        using var verifier = LogVerifier.Parse(folder.VerifierText);
        return EvidenceCheck.Of(Folder, verifier);
    }

    public string PayloadOf(string name)
    {
        var envelope = JsonNode.Parse(File.ReadAllText(Path.Combine(Folder, name)))!;
        return Encoding.UTF8.GetString(Convert.FromBase64String((string)envelope["payload"]!));
    }

    public void Dispose()
    {
        Key.Dispose();
        folder.Dispose();
    }

    private SuiteResult Suite(string name)
    {
        var xml = Encoding.UTF8.GetBytes($"<testsuite name='{name}'><testcase name='a'/></testsuite>");
        File.WriteAllBytes(Results(name), xml);
        return new SuiteResult(name, 1, 0, 0, [], $"sha256:{Convert.ToHexStringLower(SHA256.HashData(xml))}", 12);
    }

    private void Append(params Event[] events)
    {
        using var log = folder.Open();
        var at = DateTimeOffset.UnixEpoch.AddSeconds(120);
        log.Append([.. events.Select(e => EntryCodec.Encode(new Entry(at, Alice, e)))]);
    }
}

using System.Security.Cryptography;
using Mintmark.Journal;
using Mintmark.Log;
using Mintmark.Releases;

namespace Mintmark.Evidence;

/// <summary>Writes all evidence of a version into a folder, with proofs that the log has what it rests on.</summary>
/// <param name="results">Where the results of a suite were kept when it ran.</param>
public sealed class EvidenceExport(
    ILogStorage storage,
    KeptBodies kept,
    StatementKey key,
    Func<ReleaseId, string, string> results
)
{
    public const string KeyName = "key";
    public const string BuilderKeyName = "builder.pub";

    private readonly LogReader reader = new(storage);

    /// <param name="folder">Is not there yet.</param>
    /// <param name="verifierText">The first keys of the log.</param>
    /// <returns>The files that were written.</returns>
    /// <exception cref="EvidenceException">There is no such version, or some of its evidence is gone.</exception>
    public IReadOnlyList<string> Write(Mark mark, string folder, string verifierText)
    {
        var story = VersionStory.Find(storage, mark);
        var evidence =
            story.Artifact.Evidence
            ?? throw new EvidenceException($"{mark} was built before evidence was kept: ship its commit again");
        Directory.CreateDirectory(folder);
        var written = new List<string>();
        foreach (var file in evidence.Files)
            Put(file.Name, Kept(file));
        var signer = Convert.FromBase64String(evidence.Signer!);
        foreach (var suite in story.Suites)
            if (Results(story.Release, suite) is { } xml)
                Put($"results-{suite.Suite}.xml", xml);
        if (story.Gate is var (decided, at))
        {
            var policy = Policy(story, decided);
            var described = new EvidenceFile(GateSummary.PolicyName, Digest(policy), policy.Length);
            var summary = GateSummary.Of(mark, story.Artifact, decided, at, described, evidence.Files);
            Put(GateSummary.PolicyName, policy);
            Put(GateSummary.FileName, Dsse.Seal(summary, KeyOf(mark, evidence)));
        }
        foreach (var name in written.Where(SigstoreBundle.Has).ToList())
            Put(SigstoreBundle.NameOf(name), SigstoreBundle.Of(File.ReadAllBytes(Path.Combine(folder, name)), signer));
        foreach (var (name, index) in story.Entries)
            Put($"{name}{VersionStory.ProofEnding}", Bytes(reader.Prove(index)!.ToText()));
        var handovers = KeyHandovers.Of(storage, EntryCodec.HandoverOf);
        if (handovers.Length > 0)
            Put(KeyHandovers.FileName, Bytes(handovers));
        Put(BuilderKeyName, PemOf(signer));
        Put(KeyName, TextOf(verifierText));
        return written;

        void Put(string name, byte[] content)
        {
            File.WriteAllBytes(Path.Combine(folder, name), content);
            written.Add(name);
        }
    }

    internal static string Digest(byte[] content) => $"sha256:{Convert.ToHexStringLower(SHA256.HashData(content))}";

    private byte[] Policy(VersionStory story, Event.GateDecided decided) =>
        decided.Policy is not { } digest
            ? GateSummary.Policy(story.Manifest, decided)
            : kept.Read(Hash.Parse(digest["sha256:".Length..]))
                ?? throw new EvidenceException($"the policy {digest} is not in the home's evidence any more");

    private byte[] Kept(EvidenceFile file) =>
        kept.Read(Hash.Parse(file.Digest["sha256:".Length..]))
        ?? throw new EvidenceException($"{file.Name} ({file.Digest}) is not in the home's evidence any more");

    /// <summary>A build's output may have been cleared away; what is there must be what the log says.</summary>
    private byte[]? Results(ReleaseId release, SuiteResult suite)
    {
        var path = results(release, suite.Suite);
        if (!File.Exists(path))
            return null;
        var content = File.ReadAllBytes(path);
        return Digest(content) == suite.ResultsDigest
            ? content
            : throw new EvidenceException($"{path} is not what the log has of suite {suite.Suite}: it was changed");
    }

    private StatementKey KeyOf(Mark mark, BuildEvidence evidence) =>
        Convert.ToBase64String(key.PublicKey) == evidence.Signer
            ? key
            : throw new EvidenceException($"{mark} was built under another builder's key than this home has now");

    internal static byte[] PemOf(byte[] publicKey) => Bytes(PemEncoding.WriteString("PUBLIC KEY", publicKey) + "\n");

    internal static byte[] TextOf(string verifierText) => Bytes(verifierText + "\n");

    private static byte[] Bytes(string text) => System.Text.Encoding.UTF8.GetBytes(text);
}

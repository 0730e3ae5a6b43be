using Mintmark.Journal;
using Mintmark.Log;
using Mintmark.Releases;

namespace Mintmark.Evidence;

/// <summary>What held, and what did not, of an exported folder.</summary>
/// <param name="Mark">Null where not even that can be told.</param>
/// <param name="Held">What was checked and is so.</param>
/// <param name="Wrong">Each with the file that it is about; none where all of it holds.</param>
public sealed record EvidenceVerdict(Mark? Mark, IReadOnlyList<string> Held, IReadOnlyList<string> Wrong);

/// <summary>Checks exported evidence offline, from the log's first public key alone.</summary>
public sealed class EvidenceCheck
{
    private const long LargestFile = 64L << 20;

    private readonly string folder;
    private readonly LogVerifier first;
    private readonly List<string> held = [];
    private readonly List<string> wrong = [];
    private readonly HashSet<string> known = [EvidenceExport.KeyName, EvidenceExport.BuilderKeyName];

    private EvidenceCheck(string folder, LogVerifier first) => (this.folder, this.first) = (folder, first);

    public static EvidenceVerdict Of(string folder, LogVerifier first)
    {
        var check = new EvidenceCheck(folder, first);
        using var keys = check.Try(check.ReadKeys);
        var story = keys is null ? null : check.Try(() => check.ReadProofs(keys));
        if (story is not null)
            check.CheckFiles(story);
        return new EvidenceVerdict(story?.Mark, check.held, check.wrong);
    }

    /// <summary>The first keys, and those that they handed over to where the folder says so.</summary>
    private LogVerifier ReadKeys()
    {
        const string name = KeyHandovers.FileName;
        try
        {
            var handovers = File.Exists(Path.Combine(folder, name)) ? Bytes(name) : [];
            if (handovers.Length > 0)
                known.Add(name);
            return KeyHandovers.Follow(first, System.Text.Encoding.UTF8.GetString(handovers));
        }
        catch (LogCorruptException e)
        {
            throw new EvidenceException($"{name}: {e.What}", e);
        }
    }

    private VersionStory ReadProofs(LogVerifier verifier)
    {
        var entries = Directory
            .EnumerateFiles(folder, $"*{VersionStory.ProofEnding}")
            .Order(StringComparer.Ordinal)
            .Select(path => ReadProof(path, verifier))
            .ToList();
        var story = VersionStory.Of(entries);
        held.Add($"{entries.Count} entries are in the log '{verifier.Origin}'");
        return story;
    }

    private (string Name, long Index, Entry Entry) ReadProof(string path, LogVerifier verifier)
    {
        var name = Path.GetFileName(path);
        known.Add(name);
        try
        {
            var proof = InclusionProof.Parse(System.Text.Encoding.UTF8.GetString(Bytes(name)));
            var body = proof.Extra ?? throw new FormatException("it does not bring the entry along");
            proof.Open(verifier, Merkle.LeafHash(body));
            return (name[..^VersionStory.ProofEnding.Length], proof.Index, EntryCodec.Decode(proof.Index, body));
        }
        catch (Exception e) when (e is FormatException or LogCorruptException)
        {
            throw new EvidenceException($"{name} proves nothing: {e.Message}", e);
        }
    }

    private void CheckFiles(VersionStory story)
    {
        if (story.Artifact.Evidence is not { Signer: { } signer } evidence)
        {
            wrong.Add($"{VersionStory.Built}{VersionStory.ProofEnding} names no evidence");
            return;
        }
        var key = Convert.FromBase64String(signer);
        Try(() => CheckKeys(key));
        foreach (var file in evidence.Files)
            Try(() => CheckKept(story, file, key));
        foreach (var suite in story.Suites)
            Try(() => CheckResults(suite));
        if (story.Gate is var (decided, at))
            Try(() => CheckGate(story, decided, at, evidence, key));
        foreach (var name in known.Where(SigstoreBundle.Has).ToList())
        {
            known.Add(SigstoreBundle.NameOf(name));
            // Of a statement that is not what it should be there is no more to say.
            if (!wrong.Exists(w => w.StartsWith(name, StringComparison.Ordinal)))
                Try(() => CheckBundle(name, key));
        }
        foreach (var name in Directory.EnumerateFileSystemEntries(folder).Select(Path.GetFileName))
            if (!known.Contains(name!))
                wrong.Add($"{name} is no part of this evidence");
    }

    /// <summary>Whoever has the folder takes the keys that it brings for what the log says and he trusts.</summary>
    private bool CheckKeys(byte[] builder)
    {
        if (!Bytes(EvidenceExport.BuilderKeyName).AsSpan().SequenceEqual(EvidenceExport.PemOf(builder)))
            throw new EvidenceException($"{EvidenceExport.BuilderKeyName} is not the builder's that the log names");
        if (!Bytes(EvidenceExport.KeyName).AsSpan().SequenceEqual(EvidenceExport.TextOf(first.VerifierText)))
            throw new EvidenceException($"{EvidenceExport.KeyName} is not the log's key that it was held against");
        return true;
    }

    private bool CheckKept(VersionStory story, EvidenceFile file, byte[] key)
    {
        var content = Require(file.Name, file.Digest);
        if (file.Name.EndsWith(".intoto.json", StringComparison.Ordinal))
        {
            RequireSubject(file.Name, Dsse.Open(file.Name, content, key), story);
            held.Add($"{file.Name} is what the log says, and the builder's key signed it");
        }
        else
        {
            held.Add($"{file.Name} is what the log says");
        }
        return true;
    }

    /// <summary>It must be the envelope beside it in another form, and nothing else.</summary>
    private bool CheckBundle(string statement, byte[] key)
    {
        var name = SigstoreBundle.NameOf(statement);
        var envelope = Bytes(statement);
        Dsse.Open(statement, envelope, key);
        if (!Bytes(name).AsSpan().SequenceEqual(SigstoreBundle.Of(envelope, key)))
            throw new EvidenceException($"{name} is not what {statement} says");
        return true;
    }

    private bool CheckResults(SuiteResult suite)
    {
        var name = $"results-{suite.Suite}.xml";
        known.Add(name);
        if (!File.Exists(Path.Combine(folder, name)))
            return false;
        Require(name, suite.ResultsDigest);
        held.Add($"{name} is what the log says");
        return true;
    }

    /// <summary>The decision itself is an entry; what is signed must be what is made of it, to the byte.</summary>
    private bool CheckGate(
        VersionStory story,
        Event.GateDecided decided,
        DateTimeOffset at,
        BuildEvidence evidence,
        byte[] key
    )
    {
        var policy = decided.Policy ?? EvidenceExport.Digest(GateSummary.Policy(story.Manifest, decided));
        var content = Require(GateSummary.PolicyName, policy);
        known.Add(GateSummary.FileName);
        var payload = Dsse.Open(GateSummary.FileName, Bytes(GateSummary.FileName), key);
        var described = new EvidenceFile(GateSummary.PolicyName, policy, content.Length);
        var summary = GateSummary.Of(story.Mark, story.Artifact, decided, at, described, evidence.Files);
        if (!payload.AsSpan().SequenceEqual(EvidenceJson.Bytes(summary)))
            throw new EvidenceException($"{GateSummary.FileName} says something else than the log's entry");
        held.Add($"{GateSummary.FileName} says what the log says, and the builder's key signed it");
        return true;
    }

    private static void RequireSubject(string name, byte[] payload, VersionStory story)
    {
        var statement = Json.Parse(name, payload);
        var subject = statement.Require("subject").Items().ToList();
        if (
            statement.Require("_type").Text() != Statement.Type
            || subject.Count != 1
            || subject[0].Require("name").Text() != $"{story.Mark}"
            || DigestOf(subject[0]) != story.Artifact.Digest
        )
            throw new EvidenceException($"{name} is about another artifact");
    }

    private static string DigestOf(Json descriptor) =>
        $"sha256:{descriptor.Require("digest").Require("sha256").Text()}";

    private byte[] Require(string name, string digest)
    {
        known.Add(name);
        var content = Bytes(name);
        return EvidenceExport.Digest(content) == digest
            ? content
            : throw new EvidenceException($"{name} is not what the log says: it was changed");
    }

    private byte[] Bytes(string name)
    {
        var file = new FileInfo(Path.Combine(folder, name));
        if (!file.Exists)
            throw new EvidenceException($"{name} is missing");
        return file.Length <= LargestFile
            ? File.ReadAllBytes(file.FullName)
            : throw new EvidenceException($"{name} has {file.Length} bytes; accepted: up to {LargestFile}");
    }

    private T? Try<T>(Func<T> check)
    {
        try
        {
            return check();
        }
        catch (Exception no) when (no is EvidenceException or MaterialsException)
        {
            wrong.Add(no.Message);
            return default;
        }
    }
}

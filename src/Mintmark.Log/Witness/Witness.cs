using System.Security.Cryptography;
using System.Text;

namespace Mintmark.Log;

/// <summary>
/// Cosigns checkpoints of the logs that it knows, each only if its tree begins with that of the one before. It has a
/// folder of its own; what it signed last is on disk before anybody hears of it, so no crash lets it sign two stories.
/// </summary>
public sealed class Witness : IDisposable
{
    /// <summary>Of each log: whoever can ask could fill the disk with true checkpoints and wrong proofs.</summary>
    internal const int MaxRefused = 256;

    readonly Lock one = new();
    readonly string folder;
    readonly WitnessKey key;
    readonly TimeProvider clock;
    readonly List<LogVerifier> logs;

    /// <param name="logs">The logs that it cosigns, by their keys; owned, like the key.</param>
    public Witness(string folder, WitnessKey key, IEnumerable<LogVerifier> logs, TimeProvider clock)
    {
        this.folder = folder;
        this.key = key;
        this.clock = clock;
        this.logs = [.. logs];
    }

    public string VerifierText => key.VerifierText;

    /// <param name="body">Of add-checkpoint.</param>
    /// <exception cref="LogStorageException">It could not be kept; nothing was signed.</exception>
    public WitnessAnswer Add(string body)
    {
        SignedNote note;
        WitnessRequest request;
        Checkpoint checkpoint;
        try
        {
            request = WitnessRequest.Parse(body);
            note = SignedNote.Parse(request.Note);
            checkpoint = Checkpoint.Parse(note.Text);
        }
        catch (FormatException e)
        {
            return new WitnessAnswer.Malformed(e.Message);
        }
        if (logs.Find(log => log.Origin == checkpoint.Origin) is not { } verifier)
            return new WitnessAnswer.UnknownLog($"this witness does not know a log '{checkpoint.Origin}'");
        try
        {
            verifier.Require(note);
        }
        catch (FormatException e)
        {
            return new WitnessAnswer.NotSigned(e.Message);
        }
        if (request.OldSize > checkpoint.Size)
            return new WitnessAnswer.Malformed("the old size is above that of the checkpoint");
        // Looked at and replaced in one piece: between two requests nothing is rolled back.
        lock (one)
            return Cosign(request, note, checkpoint, verifier);
    }

    WitnessAnswer Cosign(WitnessRequest request, SignedNote note, Checkpoint checkpoint, LogVerifier verifier)
    {
        var before = Latest(checkpoint.Origin) is { } last ? Checkpoint.OfNote(last) : null;
        var (size, root) = before is null ? (0, Merkle.EmptyRoot) : (before.Size, before.Root);
        if (request.OldSize != size)
            return new WitnessAnswer.Conflict(size);
        if (!MerkleProof.IsPrefix(size, root, checkpoint.Size, checkpoint.Root, [.. request.Proof]))
        {
            KeepRefused(request, note, checkpoint.Origin);
            return new WitnessAnswer.Inconsistent(
                $"the tree of {checkpoint.Size} entries is not shown to begin with the tree of {size} entries that was "
                    + "seen before"
            );
        }
        var cosignature = key.Cosign(note.Text, clock.GetUtcNow().ToUnixTimeSeconds());
        // Of all signatures only those by the log's known keys hold. One of each: a note takes only so many lines.
        var own = note.Signatures.Where(s => verifier.Keys.Any(key => key.Signed(s))).DistinctBy(s => s.KeyId);
        var kept = note with { Signatures = [.. own, cosignature] };
        PrivateFile.Write(In(FileOf(checkpoint.Origin)), kept.Encode());
        return new WitnessAnswer.Cosigned(cosignature.Encode());
    }

    /// <summary>
    /// One request for each text that the log signed, the first, never over another: it may be the proof of a fork.
    /// </summary>
    void KeepRefused(WitnessRequest request, SignedNote note, string origin)
    {
        var file = In($"{HashOf(origin)}.{HashOf(note.Text)}.refused");
        if (!File.Exists(file) && Directory.GetFiles(folder, $"{HashOf(origin)}.*.refused").Length < MaxRefused)
            PrivateFile.WriteNew(file, request.ToText());
    }

    /// <summary>The latest checkpoint of a log that it cosigned, with its cosignature.</summary>
    /// <param name="originHash">SHA-256 of the log's origin in lower-case hexadecimal digits.</param>
    public string? LatestBy(string originHash) =>
        logs.Find(log => HashOf(log.Origin) == originHash) is { } known ? Latest(known.Origin) : null;

    string? Latest(string origin) => File.Exists(In(FileOf(origin))) ? PrivateFile.Read(In(FileOf(origin))) : null;

    string In(string file) => Path.Combine(folder, file);

    static string FileOf(string origin) => $"{HashOf(origin)}.checkpoint";

    static string HashOf(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    public void Dispose()
    {
        logs.ForEach(log => log.Dispose());
        key.Dispose();
    }
}

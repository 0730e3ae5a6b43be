namespace Mintmark.Log;

/// <summary>
/// Opens the checkpoints of one log: of the origin and by the keys that its verifier keys name. What others signed it
/// passes over, as c2sp.org/signed-note asks.
/// </summary>
public sealed class LogVerifier : IDisposable
{
    /// <summary>A log signs with one key of each type that is known.</summary>
    const int MaxKeys = 8;

    readonly List<VerifierKey> keys;

    LogVerifier(string verifierText, List<VerifierKey> keys)
    {
        VerifierText = verifierText;
        this.keys = keys;
    }

    public string Origin => keys[0].Name;

    /// <summary>One verifier key a line, without a newline at the end.</summary>
    public string VerifierText { get; }

    internal IReadOnlyList<VerifierKey> Keys => keys;

    /// <param name="verifierText">One verifier key a line, all of one name.</param>
    /// <exception cref="FormatException">Not the one way to write such keys, or none that this machine can
    /// check.</exception>
    public static LogVerifier Parse(string verifierText)
    {
        var keys = new List<VerifierKey>();
        try
        {
            foreach (var line in verifierText.Split('\n', MaxKeys + 1))
                Add(keys, line);
            return new LogVerifier(verifierText, keys);
        }
        catch
        {
            keys.ForEach(key => key.Dispose());
            throw;
        }
    }

    /// <summary>One that opens what any of these does, however many they are.</summary>
    internal static LogVerifier Of(IEnumerable<LogVerifier> all)
    {
        var texts = all.SelectMany(one => one.Keys).Select(key => key.Text).Distinct().ToList();
        return new LogVerifier(string.Join('\n', texts), texts.ConvertAll(VerifierKey.Parse));
    }

    static void Add(List<VerifierKey> keys, string line)
    {
        keys.Add(VerifierKey.Parse(line));
        if (keys[^1].Type == CosignatureKey.KeyType)
            throw new FormatException("it is a witness's key, not a log's");
        if (keys[^1].Name != keys[0].Name)
            throw new FormatException($"the verifier keys are of '{keys[0].Name}' and of '{keys[^1].Name}'");
        if (keys.Count > MaxKeys || keys.SkipLast(1).Any(key => key.Text == line))
            throw new FormatException($"a verifier key is there twice, or there are more than {MaxKeys}");
    }

    /// <exception cref="LogCorruptException">No known key signed it, or one did not sign these bytes.</exception>
    public Checkpoint Open(string signedNote)
    {
        try
        {
            return Open(SignedNote.Parse(signedNote));
        }
        catch (FormatException e)
        {
            throw new LogCorruptException($"the checkpoint does not verify: {e.Message}", null, e);
        }
    }

    /// <exception cref="FormatException">No known key signed it, or one did not sign these bytes.</exception>
    internal Checkpoint Open(SignedNote note)
    {
        var checkpoint = Checkpoint.Parse(note.Text);
        if (checkpoint.Origin != Origin)
            throw new FormatException($"it is of '{checkpoint.Origin}', not of '{Origin}'");
        Require(note);
        return checkpoint;
    }

    /// <exception cref="FormatException">No known key signed it, or one did not sign these bytes.</exception>
    internal void Require(SignedNote note)
    {
        var good = 0;
        foreach (var signature in note.Signatures)
        foreach (var key in keys.Where(key => key.IsUsable && key.Signed(signature)))
            good += key.Accepts(note.Text, signature.Bytes)
                ? 1
                : throw new FormatException("its text is not what the key signed");
        if (good > 0)
            return;
        var signers = string.Join(", ", note.Signatures.Select(s => $"{s.Name}+{s.KeyId:x8}"));
        var known = string.Join(", ", keys.Select(key => $"{key.Name}+{key.Id:x8}"));
        var missing = keys.Exists(key => key.IsUsable) ? "" : $" ({Ed25519.Missing})";
        throw new FormatException($"it is signed by {signers}, and not by {known}{missing}");
    }

    public void Dispose() => keys.ForEach(key => key.Dispose());
}

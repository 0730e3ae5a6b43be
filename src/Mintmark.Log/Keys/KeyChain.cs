namespace Mintmark.Log;

/// <summary>Finds in an entry the note by which the log's key hands over to the next; null in all others.</summary>
public delegate string? HandoverReader(ReadOnlySpan<byte> body);

/// <summary>
/// The keys of a log from the first on, as its entries hand them over. Strict: a checkpoint bears no signature line but
/// of keys that are known by then, and every one of those holds, so that no byte of it can be another.
/// </summary>
/// <param name="first">Not owned.</param>
/// <param name="known">Keys whose signatures may be there too, such as another half of the first; not owned.</param>
sealed class KeyChain(LogVerifier first, LogVerifier? known, HandoverReader? handovers) : IDisposable
{
    readonly List<LogVerifier> later = [];

    /// <summary>The keys that sign now.</summary>
    public LogVerifier Present => later is [.., var last] ? last : first;

    /// <summary>The keys that signed and sign, as one.</summary>
    public LogVerifier All() => LogVerifier.Of([first, .. later]);

    /// <summary>
    /// Passes an entry. The checkpoint of the batch that ends with a handover is signed by the keys before and after.
    /// </summary>
    /// <exception cref="LogCorruptException">It hands over what is not its to hand over.</exception>
    public void Pass(long index, ReadOnlySpan<byte> body)
    {
        if (handovers?.Invoke(body) is not { } note)
            return;
        try
        {
            later.Add(KeyHandover.Open(Present, note));
        }
        catch (FormatException e)
        {
            throw new LogCorruptException($"its handover of the key does not hold: {e.Message}", index, e);
        }
    }

    /// <exception cref="LogCorruptException">Any byte differs from what the keys signed.</exception>
    public Checkpoint Open(string signedNote)
    {
        try
        {
            var note = SignedNote.Parse(signedNote);
            var checkpoint = Present.Open(note);
            foreach (var signature in note.Signatures)
                Require(note, signature);
            return checkpoint;
        }
        catch (FormatException e)
        {
            throw new LogCorruptException($"the checkpoint does not verify: {e.Message}", null, e);
        }
    }

    void Require(SignedNote note, NoteSignature signature)
    {
        IEnumerable<LogVerifier> all = known is null ? [first, .. later] : [first, known, .. later];
        var key =
            all.SelectMany(verifier => verifier.Keys).FirstOrDefault(key => key.Signed(signature))
            ?? throw new FormatException($"it is signed by {signature.Name}+{signature.KeyId:x8}, which is not known");
        if (!Present.Keys.Contains(key) && key.IsUsable && !key.Accepts(note.Text, signature.Bytes))
            throw new FormatException("its text is not what the key signed");
    }

    public void Dispose() => later.ForEach(verifier => verifier.Dispose());
}

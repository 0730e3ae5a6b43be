namespace Mintmark.Log;

/// <summary>Checks the cosignatures of one witness.</summary>
public sealed class WitnessVerifier
{
    readonly CosignatureKey key;

    WitnessVerifier(CosignatureKey key) => this.key = key;

    public string Name => key.Name;

    public string VerifierText => key.Text;

    /// <exception cref="FormatException">Not the verifier key of a witness (type 4).</exception>
    public static WitnessVerifier Parse(string verifierText)
    {
        var key = VerifierKey.Parse(verifierText);
        if (key is CosignatureKey { IsUsable: true } witness)
            return new WitnessVerifier(witness);
        key.Dispose();
        throw new FormatException(
            key is CosignatureKey ? Ed25519.Missing : "it is no witness's key: those are of type 4 (cosignature/v1)"
        );
    }

    /// <summary>When it cosigned the note's checkpoint, in seconds since 1970; null where it did not.</summary>
    /// <exception cref="LogCorruptException">It is no checkpoint, or what is in its name does not hold.</exception>
    public long? CosignedAt(string note)
    {
        try
        {
            var signed = SignedNote.Parse(note);
            Checkpoint.Parse(signed.Text);
            return Signature(signed) is { } signature ? CosignatureKey.TimeOf(signature.Bytes) : null;
        }
        catch (FormatException e)
        {
            throw new LogCorruptException($"the witnessed checkpoint does not verify: {e.Message}", null, e);
        }
    }

    /// <summary>Its latest; null where there is none.</summary>
    /// <exception cref="FormatException">One in its name does not hold.</exception>
    internal NoteSignature? Signature(SignedNote note)
    {
        var own = note.Signatures.Where(key.Signed).ToList();
        return own.TrueForAll(signature => key.Accepts(note.Text, signature.Bytes))
            ? own.MaxBy(signature => CosignatureKey.TimeOf(signature.Bytes))
            : throw new FormatException($"the cosignature of {Name} is not over this checkpoint");
    }
}

namespace Mintmark.Log;

/// <summary>The latest checkpoint that witnesses cosigned, in a file beside the log.</summary>
public sealed class WitnessedCheckpoint(string path)
{
    /// <summary>Null as long as no witness cosigned any.</summary>
    public string? Note => File.Exists(path) ? PrivateFile.Read(path) : null;

    /// <summary>Takes what holds of a witness's answer to its checkpoint.</summary>
    /// <param name="lines">Signature lines, as the witness sent them.</param>
    /// <returns>The note with its cosignature.</returns>
    /// <exception cref="FormatException">The answer holds no cosignature of this witness over the note.</exception>
    public static string With(string note, WitnessVerifier witness, string lines)
    {
        var signed = SignedNote.Parse(note);
        var answered = SignedNote.Parse($"{signed.Text}\n{lines}");
        return witness.Signature(answered) is { } cosignature
            ? signed.With([cosignature]).Encode()
            : throw new FormatException($"the answer holds no cosignature of {witness.Name}");
    }

    public void Save(string note) => PrivateFile.Write(path, note);
}

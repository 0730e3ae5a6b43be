namespace Mintmark.Log;

/// <summary>
/// The last word of a log's key: which keys sign after it. A signed note, kept as part of an entry, so that whoever has
/// the first key of a log can follow to the present one from the entries alone.
/// </summary>
/// <remarks>
/// Its text is never a checkpoint's: that would have the log's origin in the first line and a number in the second.
/// </remarks>
static class KeyHandover
{
    const string Header = "mintmark/key-handover/v1";

    public static string Sign(LogKey key, LogKey next, string origin) =>
        key.Sign($"{Header}\n{origin}\n{next.VerifierText(origin)}\n", origin).Encode();

    /// <summary>The verifier keys that come next.</summary>
    /// <exception cref="FormatException">It is not a handover by these keys; says why.</exception>
    public static LogVerifier Open(LogVerifier present, string note)
    {
        var signed = SignedNote.Parse(note);
        present.Require(signed);
        var (origin, keys) = Read(signed);
        var next = LogVerifier.Parse(keys);
        if (origin == present.Origin && next.Origin == origin)
            return next;
        next.Dispose();
        throw new FormatException($"it hands over the key of '{origin}'");
    }

    /// <summary>Whether it names this key, or what of it this machine can use, as the next. Who signed it is not looked
    /// at.</summary>
    /// <exception cref="FormatException">It hands over nothing.</exception>
    public static bool Names(string note, LogVerifier key) =>
        Read(SignedNote.Parse(note)).Keys.Split('\n').Intersect(key.Keys.Select(own => own.Text)).Any();

    static (string Origin, string Keys) Read(SignedNote note) =>
        note.Text.Split('\n', 3) is [Header, var origin, [.. var keys, '\n']]
            ? (origin, keys)
            : throw new FormatException("it does not hand over a key");
}

using System.Globalization;

namespace Mintmark.Log;

/// <summary>What a log says it holds, as c2sp.org/tlog-checkpoint writes it; without extension lines.</summary>
public sealed record Checkpoint(string Origin, long Size, Hash Root)
{
    public string ToText() => $"{Origin}\n{Size}\n{Root.ToBase64()}\n";

    /// <summary>What a note says, whoever signed it.</summary>
    /// <exception cref="LogCorruptException">It is not the note of a checkpoint.</exception>
    public static Checkpoint OfNote(string note)
    {
        try
        {
            return Parse(SignedNote.Parse(note).Text);
        }
        catch (FormatException e)
        {
            throw new LogCorruptException($"the checkpoint cannot be read: {e.Message}", null, e);
        }
    }

    /// <exception cref="FormatException">Not the one way to write a checkpoint.</exception>
    public static Checkpoint Parse(string text)
    {
        var lines = text.Split('\n');
        if (lines is not [{ Length: > 0 } origin, var size, var root, ""])
            throw new FormatException("a checkpoint is three lines: origin, size, root");
        if (!long.TryParse(size, NumberStyles.None, CultureInfo.InvariantCulture, out var entries))
            throw new FormatException($"'{size}' is not the size of a tree");
        Span<byte> bytes = stackalloc byte[Hash.Length];
        if (!Convert.TryFromBase64String(root, bytes, out var written) || written != Hash.Length)
            throw new FormatException($"'{root}' is not the root of a tree in base64");

        var checkpoint = new Checkpoint(origin, entries, new Hash(bytes));
        return checkpoint.ToText() == text
            ? checkpoint
            : throw new FormatException("the checkpoint is not written in its canonical form");
    }
}

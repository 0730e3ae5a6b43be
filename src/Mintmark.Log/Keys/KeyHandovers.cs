using System.Text;

namespace Mintmark.Log;

/// <summary>
/// The notes by which the keys of a log were handed over, as a file beside what later keys signed: with it the first
/// key is enough.
/// </summary>
public static class KeyHandovers
{
    public const string FileName = "handovers";

    /// <summary>Between the notes: none has such a line.</summary>
    const string Between = "----\n";

    /// <summary>Empty where the first key signs all.</summary>
    public static string Of(ILogStorage storage, HandoverReader handovers) =>
        ToText(
            EntryChunks
                .Each(storage.Read(0), entries => Array.ConvertAll(entries, e => handovers(e.Body)))
                .SelectMany(notes => notes.OfType<string>())
        );

    /// <summary>The first keys and all that were handed over: what any of them signed, these open.</summary>
    /// <param name="first">Not owned.</param>
    /// <param name="text">As <see cref="Of"/> has it.</param>
    /// <exception cref="LogCorruptException">A handover does not hold.</exception>
    public static LogVerifier Follow(LogVerifier first, string text)
    {
        using var keys = new KeyChain(first, null, Encoding.UTF8.GetString);
        Pass(keys, text);
        return keys.All();
    }

    internal static string ToText(IEnumerable<string> notes) => string.Join(Between, notes);

    /// <param name="keys">Takes bodies that are the notes themselves.</param>
    internal static void Pass(KeyChain keys, string text)
    {
        if (text.Length > 0)
            foreach (var note in text.Split(Between))
                keys.Pass(0, Encoding.UTF8.GetBytes(note));
    }
}

using System.Text;

namespace Mintmark.Gateway.Plain;

/// <summary>
/// The text of an answer's fields. Most are the same from one answer of a connection to the next, at the same place:
/// those are not made anew. It holds a few short ones and never grows.
/// </summary>
sealed class FieldMemory
{
    private const int Places = 16;
    private const int LongestLine = 128;

    private readonly (byte[] Line, string Name, string Value)[] known = new (byte[], string, string)[Places];

    /// <param name="line">From the name's first byte to the value's last.</param>
    public (string Name, string Value) Read(int place, ReadOnlySpan<byte> line, int name, int value)
    {
        var isShort = place < Places && line.Length <= LongestLine;
        if (isShort && known[place].Line is { } before && line.SequenceEqual(before))
            return (known[place].Name, known[place].Value);
        var text = (Encoding.Latin1.GetString(line[..name]), Encoding.Latin1.GetString(line[^value..]));
        if (isShort)
            known[place] = (line.ToArray(), text.Item1, text.Item2);
        return text;
    }
}

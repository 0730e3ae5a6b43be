using System.Text;

namespace Mintmark.Gateway.Plain;

/// <param name="IsHopByHop">By its name: it is between the instance and us.</param>
readonly record struct Field(string Name, string Value, bool IsHopByHop);

/// <summary>
/// The text of an answer's fields. Most are the same from one answer of an instance to the next, at the same place:
/// those are not made anew. It holds a few short ones and never grows. One thread at a time may use it.
/// </summary>
sealed class FieldMemory
{
    private const int Places = 16;
    private const int LongestLine = 128;

    private readonly (byte[] Line, Field Field)[] known = new (byte[], Field)[Places];

    /// <param name="line">From the name's first byte to the value's last.</param>
    public Field Read(int place, ReadOnlySpan<byte> line, int name, int value)
    {
        var isShort = place < Places && line.Length <= LongestLine;
        if (isShort && known[place].Line is { } before && line.SequenceEqual(before))
            return known[place].Field;
        var text = Encoding.Latin1.GetString(line[..name]);
        var field = new Field(text, Encoding.Latin1.GetString(line[^value..]), HeaderRules.IsHopByHop(text));
        if (isShort)
            known[place] = (line.ToArray(), field);
        return field;
    }
}

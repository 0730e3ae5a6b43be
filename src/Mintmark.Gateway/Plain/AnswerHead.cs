using System.Buffers.Text;
using System.Runtime.InteropServices;
using System.Text;

namespace Mintmark.Gateway.Plain;

/// <summary>
/// The head of an instance's answer, line by line as it comes, and what it says of the body's end. Whatever two readers
/// could understand differently is refused: both lengths, two lengths, a coding but chunked, folded lines, bare LF.
/// </summary>
sealed class AnswerHead
{
    public const int Longest = 31 << 10;
    public const int MostFields = 128;

    private const int MostDigits = 18;

    private readonly List<(Range Name, Range Value)> fields = new(16);
    private readonly List<string> nominated = [];
    private int codings;
    private bool isOld;
    private bool closes;

    /// <summary>How many bytes of what came are the head, so far.</summary>
    public int Taken { get; private set; }

    /// <summary>0 before the first line.</summary>
    public int Status { get; private set; }

    /// <summary>Where each field's name and value are, from the head's first byte on.</summary>
    public ReadOnlySpan<(Range Name, Range Value)> Fields => CollectionsMarshal.AsSpan(fields);

    public Framing Framing { get; private set; }

    /// <summary>The content's, where it is said: also where no content follows, as after HEAD.</summary>
    public long? Length { get; private set; }

    /// <summary>100 to 199: another head follows.</summary>
    public bool IsInterim => Status < 200;

    /// <summary>Whether the connection may be used again once the body is read to its end.</summary>
    public bool StaysOpen => !closes && !isOld && Framing != Framing.UntilClose;

    public void Clear()
    {
        (Taken, Status, Framing, Length) = (0, 0, Framing.None, null);
        (codings, isOld, closes) = (0, false, false);
        fields.Clear();
        nominated.Clear();
    }

    /// <param name="bytes">All that has come of it, from its first byte.</param>
    /// <param name="toHead">The request's method is HEAD.</param>
    /// <returns>Whether it is whole.</returns>
    /// <exception cref="UnclearAnswerException">It is none, or could be understood in two ways.</exception>
    public bool Parse(ReadOnlySpan<byte> bytes, bool toHead)
    {
        while (Syntax.TryLine(bytes[Taken..], Longest - Taken, out var line))
        {
            var start = Taken;
            Taken += line.Length + 2;
            if (Status == 0)
            {
                ReadStatus(line);
            }
            else if (!line.IsEmpty)
            {
                ReadField(line, start);
            }
            else
            {
                Frame(toHead);
                return true;
            }
        }
        return false;
    }

    /// <summary>Whether it says that a header is between the instance and us (RFC 9110, section 7.6.1).</summary>
    public bool IsNominated(string name)
    {
        foreach (var nominee in nominated)
        {
            if (nominee.Equals(name, StringComparison.OrdinalIgnoreCase))
                return true;
        }
        return false;
    }

    private void ReadStatus(ReadOnlySpan<byte> line)
    {
        isOld = line.StartsWith("HTTP/1.0 "u8);
        if (!isOld && !line.StartsWith("HTTP/1.1 "u8))
            throw new UnclearAnswerException("it does not begin as HTTP/1.1 does");
        var rest = line["HTTP/1.1 ".Length..];
        var isStatus =
            rest.Length >= 3
            && !rest[..3].ContainsAnyExceptInRange((byte)'0', (byte)'9')
            && (rest.Length == 3 || rest[3] == ' ')
            && Syntax.IsText(rest);
        if (!isStatus || rest[0] is < (byte)'1' or > (byte)'5')
            throw new UnclearAnswerException("its status is none of 100 to 599");
        Status = (rest[0] - '0') * 100 + (rest[1] - '0') * 10 + (rest[2] - '0');
    }

    private void ReadField(ReadOnlySpan<byte> line, int start)
    {
        if (fields.Count == MostFields)
            throw new UnclearAnswerException($"it has more than {MostFields} headers");
        var (namePlace, valuePlace) = Syntax.Field(line);
        var name = line[namePlace];
        var value = line[valuePlace];
        if (Syntax.Is(name, "content-length"u8))
            ReadLength(value);
        else if (Syntax.Is(name, "transfer-encoding"u8))
            ReadCoding(value);
        else if (Syntax.Is(name, "connection"u8))
            ReadConnection(value);
        else
            fields.Add((Shifted(namePlace, start), Shifted(valuePlace, start)));
    }

    private void ReadLength(ReadOnlySpan<byte> value)
    {
        if (Length is not null)
            throw new UnclearAnswerException("it says its length twice");
        var isNumber = value.Length is > 0 and <= MostDigits && !value.ContainsAnyExceptInRange((byte)'0', (byte)'9');
        if (!isNumber || !Utf8Parser.TryParse(value, out long length, out _))
            throw new UnclearAnswerException("its Content-Length is no number");
        Length = length;
    }

    private void ReadCoding(ReadOnlySpan<byte> value)
    {
        if (++codings > 1 || !Syntax.Is(value, "chunked"u8))
            throw new UnclearAnswerException("its Transfer-Encoding is not just chunked");
    }

    private void ReadConnection(ReadOnlySpan<byte> value)
    {
        foreach (var part in value.Split((byte)','))
        {
            var option = value[part].Trim(" \t"u8);
            if (Syntax.Is(option, "close"u8))
                closes = true;
            else if (!option.IsEmpty && !Syntax.Is(option, "keep-alive"u8))
                nominated.Add(Encoding.Latin1.GetString(option));
        }
    }

    private void Frame(bool toHead)
    {
        if (codings > 0 && (Length is not null || isOld))
            throw new UnclearAnswerException("it has a Transfer-Encoding where none may be");
        if (Status == 101)
            throw new UnclearAnswerException("it switches protocols unasked");
        var isBare = IsInterim || Status is 204 or 205;
        if (isBare && (codings > 0 || Length > 0))
            throw new UnclearAnswerException($"it says that content follows a status {Status}");
        Framing =
            isBare || toHead || Status == 304 ? Framing.None
            : codings > 0 ? Framing.Chunked
            : Length is { } length ? (length == 0 ? Framing.None : Framing.Length)
            : Framing.UntilClose;
        // An instance that sends it all the same may send it late, when it would be taken for somebody else's answer.
        closes |= Framing == Framing.None && (codings > 0 || Length > 0);
    }

    private static Range Shifted(Range place, int by) => (place.Start.Value + by)..(place.End.Value + by);
}

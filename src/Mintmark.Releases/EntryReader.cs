namespace Mintmark.Releases;

/// <summary>
/// Reads by hand the kinds of entries that most of a log consists of, many times faster than the general reader, and
/// without the code that must be compiled for that one at each start. Whatever is not plainly of their canonical form
/// is left to the general reader, which alone decides what an entry is.
/// </summary>
internal static class EntryReader
{
    /// <returns>What the general reader would make of it; null where it must be asked.</returns>
    public static Entry? Read(ReadOnlySpan<byte> json)
    {
        var text = new PlainText(json);
        if (
            !text.Takes("{\"at\":\""u8)
            || !text.Time(out var at)
            || !text.Takes(",\"by\":\""u8)
            || !text.Text(out ReadOnlySpan<byte> by)
            || !text.Takes(",\"event\":{\"$type\":\""u8)
            || !text.Text(out ReadOnlySpan<byte> kind)
            || Event(kind, ref text) is not { } what
            || !text.Takes("}}"u8)
            || !text.IsAtEnd
        )
            return null;
        return new Entry(at, new Actor(ShortTexts.Of(by)), what);
    }

    private static Event? Event(ReadOnlySpan<byte> kind, ref PlainText text) =>
        kind.SequenceEqual("outcomes-reported.2"u8) ? CountsReader.Read(ref text)
        : kind.StartsWith("instance-"u8) || kind.StartsWith("invariants-"u8) ? InstanceReader.Read(kind, ref text)
        : BuildReader.Read(kind, ref text) ?? GateReader.Read(kind, ref text) ?? ReleaseReader.Read(kind, ref text);
}

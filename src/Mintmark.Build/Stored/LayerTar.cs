using System.Globalization;
using System.Text;

namespace Mintmark.Build;

/// <summary>
/// Writes a tar file (POSIX 2001, "pax") whose bytes depend on the entries and the one time given, and on nothing else.
/// Our own, since the framework's writer puts the process id into it, and uncompressed, since compressors differ from
/// version to version.
/// </summary>
internal static class LayerTar
{
    private const int Block = 512;
    private const long LongestOctal = 0x1_FFFF_FFFF; // eleven octal digits
    private const int NameField = 100;

    public static async Task WriteAsync(
        IReadOnlyList<ArtifactEntry> entries,
        DateTimeOffset time,
        Stream tar,
        CancellationToken ct
    )
    {
        var seconds = Math.Clamp(time.ToUnixTimeSeconds(), 0, LongestOctal);
        foreach (var entry in entries)
        {
            var length = Length(entry);
            await tar.WriteAsync(Headers(entry, length, seconds), ct);
            if (entry is ArtifactEntry.Bytes bytes)
                await tar.WriteAsync(bytes.Content, ct);
            else if (entry is ArtifactEntry.File file)
                await CopyAsync(file, tar, ct);
            await tar.WriteAsync(Padding(length), ct);
        }
        await tar.WriteAsync(new byte[2 * Block], ct);
    }

    private static long Length(ArtifactEntry entry) =>
        entry switch
        {
            ArtifactEntry.File file => file.Length,
            ArtifactEntry.Bytes bytes => bytes.Content.Length,
            _ => 0,
        };

    private static byte[] Padding(long length) => new byte[(int)((Block - (length % Block)) % Block)];

    private static async Task CopyAsync(ArtifactEntry.File file, Stream tar, CancellationToken ct)
    {
        await using var source = new FileStream(file.Source, FileMode.Open, FileAccess.Read, FileShare.Read, 0);
        if (source.Length == file.Length)
            await source.CopyToAsync(tar, 256 * 1024, ct);
        if (source.Position != file.Length)
            throw new ArtifactException($"{file.Path} changed while it was packed");
    }

    private static byte[] Headers(ArtifactEntry entry, long length, long seconds)
    {
        var name = entry is ArtifactEntry.Folder ? entry.Path + "/" : entry.Path;
        var target = (entry as ArtifactEntry.Link)?.Target ?? "";
        var extended = new StringBuilder();
        if (!FitsAscii(target))
            extended.Append(Record("linkpath", target));
        if (!FitsAscii(name))
            extended.Append(Record("path", name));
        if (length > LongestOctal)
            extended.Append(Record("size", length.ToString(CultureInfo.InvariantCulture)));
        var (type, mode) = entry switch
        {
            ArtifactEntry.Folder => ('5', "0000755"),
            ArtifactEntry.Link => ('2', "0000777"),
            ArtifactEntry.File { Executable: true } => ('0', "0000755"),
            _ => ('0', "0000644"),
        };
        var header = Header(name, type, mode, Math.Min(length, LongestOctal), target, seconds);
        if (extended.Length == 0)
            return header;
        var body = Encoding.UTF8.GetBytes(extended.ToString());
        return
        [
            .. Header("pax", 'x', "0000644", body.Length, "", seconds),
            .. body,
            .. Padding(body.Length),
            .. header,
        ];
    }

    private static bool FitsAscii(string text) => text.Length <= NameField && text.All(char.IsAscii);

    /// <summary>"length key=value\n", where the length counts its own digits too.</summary>
    private static string Record(string key, string value)
    {
        var rest = Encoding.UTF8.GetByteCount($" {key}={value}\n");
        var length = rest + Digits(rest);
        if (rest + Digits(length) != length)
            length = rest + Digits(length);
        return $"{length} {key}={value}\n";
    }

    private static int Digits(int number) => number.ToString(CultureInfo.InvariantCulture).Length;

    private static byte[] Header(string name, char type, string mode, long length, string target, long seconds)
    {
        var header = new byte[Block];
        Put(header, 0, Fitting(name));
        Put(header, 100, mode);
        Put(header, 108, "0000000");
        Put(header, 116, "0000000");
        Put(header, 124, Octal(length));
        Put(header, 136, Octal(seconds));
        Put(header, 148, "        ");
        header[156] = (byte)type;
        Put(header, 157, Fitting(target));
        Put(header, 257, "ustar\0" + "00");
        Put(header, 148, Convert.ToString(header.Sum(b => b), 8).PadLeft(6, '0') + "\0 ");
        return header;
    }

    private static string Octal(long value) => Convert.ToString(value, 8).PadLeft(11, '0');

    /// <summary>What readers without pax see; the whole name stands in the extended header.</summary>
    private static string Fitting(string text)
    {
        var ascii = string.Concat(text.Select(c => char.IsAscii(c) ? c : '_'));
        return ascii.Length <= NameField ? ascii : ascii[..NameField];
    }

    private static void Put(byte[] header, int at, string text) => Encoding.ASCII.GetBytes(text, header.AsSpan(at));
}

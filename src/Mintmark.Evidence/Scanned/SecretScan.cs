using System.Text;
using Mintmark.Releases;

namespace Mintmark.Evidence;

/// <param name="Line">From 1; 0 in a file that is no text.</param>
public sealed record SecretFound(string Kind, string File, int Line)
{
    /// <summary>Where, and what kind of thing; never the thing itself.</summary>
    public override string ToString() => Line > 0 ? $"{Kind} in {File}:{Line}" : $"{Kind} in {File}";
}

/// <summary>
/// Reads files piece by piece, each with the end of the piece before, so that memory is bounded however large they are.
/// In a file that is no text, single zeros are passed over: that is how .NET keeps its literals.
/// </summary>
public sealed class SecretScan
{
    /// <summary>Longer than anything that is looked for.</summary>
    internal const int Overlap = 4096;

    private const int Piece = 256 * 1024;
    private const int MostOfAFile = 100;
    private const int LooksAt = 8192;

    private static readonly string[] Archives =
    [
        ".7z",
        ".bz2",
        ".gz",
        ".jar",
        ".nupkg",
        ".rar",
        ".tar",
        ".tgz",
        ".war",
        ".whl",
        ".xz",
        ".zip",
        ".zst",
    ];

    private readonly byte[] bytes = new byte[Piece];
    private readonly char[] text = new char[Overlap + Piece];
    private readonly List<SecretFound> found = [];
    private readonly List<string> unread = [];
    private int files;
    private long total;

    public IReadOnlyList<SecretFound> Found => found;

    /// <summary>What a build leaves: its output, and the files of the commit that are packed with it.</summary>
    /// <exception cref="IOException">One cannot be read.</exception>
    public static SecretsSummary Of(IEnumerable<BuiltFile> built, Manifest manifest)
    {
        var scan = new SecretScan();
        foreach (var file in built)
        {
            if (file.Path.StartsWith(BuiltFile.Output, StringComparison.Ordinal))
                scan.Read(file.Path[BuiltFile.Output.Length..], file.OnDisk);
            else if (manifest.Configuration.Contains(file.Path))
                scan.Read(file.Path, file.OnDisk);
        }
        return scan.Summary(manifest.Secrets?.Allow ?? []);
    }

    /// <exception cref="IOException">It cannot be read.</exception>
    public void Read(string name, string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
        Read(name, file);
        // What is packed within a file is not unpacked here: that is said rather than passed over.
        if (Archives.Any(ending => name.EndsWith(ending, StringComparison.OrdinalIgnoreCase)))
            unread.Add(name);
    }

    internal void Read(string name, Stream content)
    {
        files++;
        var place = new Place(name);
        int read;
        while ((read = content.ReadAtLeast(bytes, Piece, throwOnEndOfStream: false)) > 0)
        {
            total += read;
            var piece = bytes.AsSpan(0, read);
            if (place.IsStart)
                place.File = new SecretFile(name, IsText: !piece[..Math.Min(LooksAt, read)].Contains((byte)0));
            var length = place.Kept + Widen(piece, text.AsSpan(place.Kept), place.File.IsText);
            Look(place, length, isEnd: read < Piece);
            Keep(place, length);
            if (read < Piece)
                return;
        }
        Look(place, place.Kept, isEnd: true);
    }

    private void Look(Place place, int length, bool isEnd)
    {
        foreach (var (what, at) in SecretShapes.In(text.AsSpan(0, length), place.File, place.IsStart, isEnd))
        {
            // The end of a piece is looked at twice.
            if (!place.Seen.Add((what, place.At + at)) || place.Seen.Count > MostOfAFile)
                continue;
            var line = place.File.IsText ? place.Line + text.AsSpan(0, at).Count('\n') : 0;
            found.Add(new SecretFound(what, place.Name, line));
        }
    }

    /// <summary>The end of what was looked at goes before what is read next.</summary>
    private void Keep(Place place, int length)
    {
        var kept = Math.Min(Overlap, length);
        place.Line += text.AsSpan(0, length - kept).Count('\n');
        place.At += length - kept;
        text.AsSpan(length - kept, kept).CopyTo(text);
        place.Kept = kept;
        place.IsStart = place.At == 0;
    }

    public SecretsSummary Summary(IReadOnlyList<AllowedSecret> allow)
    {
        var (open, allowed) = (new List<SecretFound>(), new SortedSet<string>(StringComparer.Ordinal));
        foreach (var secret in found)
        {
            if (allow.FirstOrDefault(a => a.Kind == secret.Kind && Fits(a.File, secret.File)) is { } by)
                allowed.Add($"{secret.Kind} in {secret.File} ({by.Reason})");
            else
                open.Add(secret);
        }
        return new SecretsSummary(
            files,
            total,
            open.Count,
            [.. open.Take(SecretsSummary.MostNamed).Select(s => Short($"{s}"))],
            [.. allowed.Take(SecretsSummary.MostNamed).Select(Short)],
            [.. unread.Take(SecretsSummary.MostNamed).Select(Short)]
        );
    }

    /// <summary>Bytes as characters of the same numbers, as patterns are of ASCII.</summary>
    private static int Widen(ReadOnlySpan<byte> piece, Span<char> into, bool isText)
    {
        if (isText)
            return Encoding.Latin1.GetChars(piece, into);
        var length = 0;
        while (!piece.IsEmpty)
        {
            var zero = piece.IndexOf((byte)0);
            var run = zero < 0 ? piece : piece[..zero];
            length += Encoding.Latin1.GetChars(run, into[length..]);
            piece = piece[run.Length..];
            var next = piece.IndexOfAnyExcept((byte)0);
            var zeros = next < 0 ? piece.Length : next;
            // One is the other half of a letter; several are between two texts.
            if (zeros > 1)
                into[length++] = '\0';
            piece = piece[zeros..];
        }
        return length;
    }

    /// <summary>A path with * for anything but slashes.</summary>
    private static bool Fits(string pattern, string path)
    {
        var (of, at) = (pattern.Split('/'), path.Split('/'));
        return of.Length == at.Length
            && of.Zip(at)
                .All(p => System.IO.Enumeration.FileSystemName.MatchesSimpleExpression(p.First, p.Second, false));
    }

    private static string Short(string text) => text.Length <= 200 ? text : text[..199] + "…";

    /// <summary>How far a file has been read.</summary>
    private sealed class Place(string name)
    {
        public string Name => name;

        public SecretFile File { get; set; } = new(name, IsText: true);

        /// <summary>Whether the text begins where the file does.</summary>
        public bool IsStart { get; set; } = true;

        /// <summary>Of the text's first character.</summary>
        public int Line { get; set; } = 1;

        public long At { get; set; }

        /// <summary>Characters of the piece before.</summary>
        public int Kept { get; set; }

        public HashSet<(string, long)> Seen { get; } = [];
    }
}

/// <param name="IsText">No zero byte is among its first.</param>
internal readonly record struct SecretFile(string Name, bool IsText)
{
    private static readonly string[] Settings =
    [
        ".cfg",
        ".conf",
        ".config",
        ".env",
        ".ini",
        ".json",
        ".properties",
        ".toml",
        ".xml",
        ".yaml",
        ".yml",
    ];

    private static readonly string[] Packages = ["node_modules", "site-packages", "dist-packages", "vendor"];

    /// <summary>Where people write what a program is set to, in files of their own.</summary>
    public bool IsSettings
    {
        get
        {
            var name = Name;
            return IsText
                && Settings.Any(ending => name.EndsWith(ending, StringComparison.OrdinalIgnoreCase))
                && !name.EndsWith(".deps.json", StringComparison.OrdinalIgnoreCase)
                && !name.EndsWith("-lock.json", StringComparison.OrdinalIgnoreCase)
                && !name.Split('/').Any(Packages.Contains);
        }
    }
}

using System.Text;

namespace Mintmark.Log;

/// <summary>The files of an export as they are asked for; what is wrong with one is a finding.</summary>
sealed class ExportFiles(string directory)
{
    readonly List<LogFinding> findings = [];
    readonly HashSet<string> asked = [];

    public IReadOnlyList<LogFinding> Findings => findings;

    public void Report(int place, string path, string what) => findings.Insert(place, new LogFinding(what, null, path));

    public void Report(string path, string what, long? index = null) => findings.Add(new LogFinding(what, index, path));

    public byte[]? Bytes(string path, long? index = null)
    {
        asked.Add(path);
        var file = Path.Combine(directory, path);
        if (File.Exists(file))
            return File.ReadAllBytes(file);
        Report(path, "it is missing", index);
        return null;
    }

    // Invalid UTF-8 becomes U+FFFD, which neither a note nor a verifier key can hold.
    public string? Text(string path) => Bytes(path) is { } bytes ? Encoding.UTF8.GetString(bytes) : null;

    public Hash[]? Hashes(string path, int width, long index)
    {
        if (Bytes(path, index) is not { } bytes)
            return null;
        if (bytes.Length == width * Hash.Length)
            return [.. bytes.Chunk(Hash.Length).Select(chunk => new Hash(chunk))];
        Report(path, $"it is {bytes.Length} bytes long and {width} hashes are {width * Hash.Length}", index);
        return null;
    }

    /// <summary>The hashes of all entries of a range.</summary>
    public Hash[]? RangeHashes(string path, long from, long to)
    {
        if (Bytes(path) is not { } bytes)
            return null;
        if ((Int128)(to - from) * Hash.Length == bytes.Length)
            return [.. bytes.Chunk(Hash.Length).Select(chunk => new Hash(chunk))];
        Report(path, $"it is {bytes.Length} bytes long and does not hold {to - from} hashes");
        return null;
    }

    public void NameExtra()
    {
        var everything = new EnumerationOptions
        {
            RecurseSubdirectories = true,
            AttributesToSkip = FileAttributes.None,
        };
        var there = Directory
            .EnumerateFiles(directory, "*", everything)
            .Select(file => Path.GetRelativePath(directory, file))
            .Order(StringComparer.Ordinal);
        foreach (var path in there)
            if (!asked.Contains(path))
                Report(path, "it does not belong to the export");
    }
}

namespace Mintmark.Log;

/// <summary>Something that is not as it was signed, and where.</summary>
/// <param name="Index">The entry, or the first of the entries, that it concerns.</param>
/// <param name="File">The file of an export.</param>
public sealed record LogFinding(string What, long? Index = null, string? File = null)
{
    public override string ToString() =>
        (File is null ? "" : $"{File}: ") + (Index is { } index ? $"entry {index}: " : "") + What;
}

/// <summary>The outcome of a verification; the root is that of the entries read.</summary>
public sealed record LogReport(long Entries, Hash Root, IReadOnlyList<LogFinding> Findings)
{
    /// <summary>The verifier keys that sign at its end, one a line; null where that is not known.</summary>
    public string? Keys { get; init; }

    public bool Holds => Findings.Count == 0;
}

using Mintmark.Log;

namespace Mintmark.Cli;

/// <summary>What 'log verify' found; its --json.</summary>
/// <param name="Of">The log file, or the folder of an export.</param>
/// <param name="Key">By which key the checkpoints were held: "own", "given" or "brought along".</param>
/// <param name="Digest">Of the folded state; null where the entries are not what was signed, or cannot be
/// folded.</param>
/// <param name="Live">Whether the running control plane has the same state; null where none was asked.</param>
/// <param name="Signers">Verifier keys that sign at its end; none where that is not known.</param>
/// <param name="Notes">What was not checked, and why.</param>
internal sealed record LogVerdict(
    string Of,
    string Key,
    long Entries,
    string Root,
    string? Digest,
    bool? Live,
    bool Verified,
    IReadOnlyList<LogFinding> Findings,
    IReadOnlyList<string> Notes,
    IReadOnlyList<string> Signers
)
{
    /// <summary>What each witness that was asked for cosigned.</summary>
    public IReadOnlyList<WitnessedUpTo> Witnesses { get; init; } = [];

    private const int MostListed = 20;

    public Page ToPage()
    {
        var page = new Page().Line(
            Ink.Of(Verified, Verified ? "verified" : "NOT AS IT WAS SIGNED"),
            $": {Words.Count(Entries, "entry", "entries")} of {Of}"
        );
        foreach (var finding in Findings.Take(MostListed))
            page.Line("  ", new Ink($"{finding}", Tone.Bad));
        if (Findings.Count > MostListed)
            page.Line($"  and {Findings.Count - MostListed} more");
        page.Field("root", Root);
        page.Field("key", Key);
        foreach (var (name, entries, at) in Witnesses)
            page.Field(
                "witness",
                $"{name} saw {Words.Count(entries, "entry", "entries")} at {at:yyyy-MM-dd HH:mm:ss} UTC"
            );
        if (Digest is not null)
            page.Field("state", Digest);
        if (Live is { } same)
            page.Field("live", Ink.Of(same, same ? "the running control plane has this very state" : "DIFFERS"));
        foreach (var note in Notes)
            page.Field("note", new Ink(note, Tone.Waiting));
        return page;
    }
}

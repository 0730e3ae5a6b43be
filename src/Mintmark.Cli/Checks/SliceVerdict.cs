using Mintmark.Log;

namespace Mintmark.Cli;

/// <summary>What 'log verify --slice' found; its --json.</summary>
/// <param name="Size">Entries of the whole log under the slice's checkpoint.</param>
internal sealed record SliceVerdict(
    string Of,
    string Key,
    long From,
    long To,
    long Redacted,
    long Size,
    string Root,
    bool Verified,
    IReadOnlyList<LogFinding> Findings
)
{
    private const int MostListed = 20;

    public static SliceVerdict Check(string folder, LogVerifier? trusted)
    {
        var report = LogSlice.Verify(folder, trusted);
        return new SliceVerdict(
            folder,
            trusted is null ? "brought along" : "given",
            report.From,
            report.To,
            report.Redacted,
            report.Size,
            $"{report.Root}",
            report.Holds,
            report.Findings
        );
    }

    public Page ToPage()
    {
        var page = new Page().Line(
            Ink.Of(Verified, Verified ? "verified" : "NOT AS IT WAS SIGNED"),
            $": all entries from {From} to {To - 1} of a log of {Size}, in {Of}"
        );
        foreach (var finding in Findings.Take(MostListed))
            page.Line("  ", new Ink($"{finding}", Tone.Bad));
        return page.Field("redacted", Words.Count(Redacted, "body", "bodies")).Field("root", Root).Field("key", Key);
    }
}

using Mintmark.Evidence;
using Mintmark.Releases;

namespace Mintmark.Cli;

/// <summary>The --json of 'evidence export'.</summary>
internal sealed record EvidenceExported(Mark Mark, string Folder, IReadOnlyList<string> Files)
{
    public Page ToPage() =>
        new Page()
            .Line($"evidence of {Mark} exported to {Folder}")
            .Field("files", string.Join(", ", Files))
            .Field("check it", $"mint evidence verify {Folder}");
}

/// <summary>The --json of 'evidence verify'.</summary>
/// <param name="Key">Whether the log's key was given, or the one that was brought along.</param>
internal sealed record EvidenceVerified(
    string Of,
    string Key,
    Mark? Mark,
    bool Verified,
    IReadOnlyList<string> Held,
    IReadOnlyList<string> Wrong
)
{
    public static EvidenceVerified From(string folder, bool given, EvidenceVerdict verdict) =>
        new(
            folder,
            given ? "given" : "brought along",
            verdict.Mark,
            verdict.Wrong.Count == 0,
            verdict.Held,
            verdict.Wrong
        );

    public Page ToPage()
    {
        var about = Mark is { } mark ? $"evidence of {mark}" : "evidence";
        var page = new Page().Line(Ink.Of(Verified, Verified ? "verified" : "DOES NOT HOLD"), $": {about} in {Of}");
        foreach (var what in Wrong)
            page.Line("  ", new Ink(what, Tone.Bad));
        foreach (var what in Held)
            page.Line("  ", new Ink(what, Tone.Quiet));
        return page.Field("key", Key);
    }
}

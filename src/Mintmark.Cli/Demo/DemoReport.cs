namespace Mintmark.Cli.Demo;

/// <summary>What the demo prints and, with --json, writes.</summary>
internal sealed record DemoReport(IReadOnlyList<DemoStep> Steps, DemoLog Log, bool Ok)
{
    public Page ToPage()
    {
        List<Ink[]> rows =
        [
            [Head("step"), Head("expected"), Head("seen"), Head("bad"), Head("back in"), Head("other failures")],
        ];
        rows.AddRange(Steps.Select(s => s.ToRow()));
        var page = new Page().Line().Rows("  ", rows).Line();
        page.Line(
            "  bad: wrong answers that clients got; back in: from the first of them to the last answer of that version"
        );
        page.Line(Ink.Of(Log.Verified, Log.Verified ? "  log verified" : "  the log does NOT verify"));
        return page.Line(Ink.Of(Ok, Ok ? "  all as expected" : "  NOT as expected")).Line();
    }

    private static Ink Head(string text) => new(text, Tone.Quiet);
}

/// <param name="BadResponses">Wrong answers of the version that this step ships.</param>
/// <param name="MillisecondsToRecover">From the first bad response to the last answer of that version; null without
/// any.</param>
/// <param name="OtherFailures">Requests that failed for any other reason.</param>
internal sealed record DemoStep(
    string Name,
    string Expected,
    string Seen,
    int BadResponses,
    long? MillisecondsToRecover,
    int OtherFailures
)
{
    public bool AsExpected => Expected == Seen && OtherFailures == 0;

    public Ink[] ToRow() =>
        [
            Name,
            Expected,
            Ink.Of(Expected == Seen, Seen),
            $"{BadResponses}",
            MillisecondsToRecover is { } ms ? $"{ms:N0} ms" : "",
            Ink.Of(OtherFailures == 0, $"{OtherFailures}"),
        ];
}

internal sealed record DemoLog(long Entries, string Root, bool Verified);

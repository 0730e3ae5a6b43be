using Mintmark.Releases;

namespace Mintmark.Cli;

/// <summary>How a candidate answered copies of requests before its first step.</summary>
internal static class ShadowLines
{
    public static void AddTo(Page page, Release release)
    {
        if (release.Shadow?.Total() is not { } total)
            return;
        page.Line().Line(new Ink("shadow", Tone.Strong));
        page.Field("copies", $"{total.Copies:#,0} answered, {total.Dropped:#,0} not sent");
        page.Field(
            "status",
            Ink.Of(total.FailedAlone == 0, $"{total.Same:#,0} as {release.Baseline}"),
            $", {total.Copies - total.Same:#,0} another; failed alone {total.FailedAlone:#,0}, "
                + $"{release.Baseline} alone {total.AnsweredAlone:#,0}"
        );
        page.Field("", new Ink(string.Join(", ", total.Statuses.Select(s => $"{s.Key} {s.Value:#,0}")), Tone.Quiet));
        if (total.Copies > 0)
        {
            page.Field(
                "took",
                $"{Mean(total.Microseconds, total)} on average, "
                    + $"{release.Baseline} {Mean(total.BaselineMicroseconds, total)}"
            );
        }
    }

    private static string Mean(long microseconds, ShadowTally total) =>
        $"{microseconds / 1_000.0 / total.Copies:#,0.0} ms";
}

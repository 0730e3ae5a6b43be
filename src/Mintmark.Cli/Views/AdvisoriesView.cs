using Mintmark.Server;

namespace Mintmark.Cli;

internal static class AdvisoriesView
{
    public static Page Of(AdvisoriesAnswer answer)
    {
        var page = new Page().Line(
            new Ink(
                answer.Snapshot is { } snapshot
                    ? $"{answer.Advisories:#,0} advisories, {snapshot}"
                    : "no advisories: components are held against nothing",
                Tone.Strong
            )
        );
        foreach (var source in answer.Sources)
            page.Field("from", source);
        foreach (var mirror in answer.Mirror)
            page.Field("mirror", mirror);
        if (answer.Mirror.Count > 0)
            page.Field(
                "fetched",
                answer is { FetchedAt: { } at, AgeSeconds: { } age }
                    ? $"at {Words.Time(at)}, {Words.Duration(TimeSpan.FromSeconds(age))} ago"
                    : "never: mint advisories fetch",
                answer.EverySeconds is { } every
                    ? $"; every {Words.Duration(TimeSpan.FromSeconds(every))}"
                    : "; only when asked"
            );
        if (answer.Failure is { } failure)
            page.Field("failed", new Ink(failure, Tone.Bad));
        return page;
    }
}

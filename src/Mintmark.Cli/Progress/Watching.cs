using Mintmark.Releases;
using Mintmark.Server;
using Spectre.Console;

namespace Mintmark.Cli;

/// <summary>Shows a release on its way: redrawn in place, as plain lines, or as JSON lines.</summary>
internal static class Watching
{
    private static readonly TimeSpan Redraw = TimeSpan.FromMilliseconds(250);

    /// <returns>The exit status that the release deserves.</returns>
    public static async Task<int> FollowAsync(
        Session session,
        ApiClient api,
        ReleaseId id,
        Until until,
        CancellationToken ct
    )
    {
        Release? seen = null;
        try
        {
            var sightings = NotedAsync();
            var last =
                session.Json ? await JsonLinesAsync(session, sightings)
                : session.Terminal.IsLive ? await LiveAsync(session.Terminal, sightings, ct)
                : await PlainLinesAsync(session.Terminal, sightings);
            return IsGood(last) ? Exit.Done : Exit.No;
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            session.Terminal.Error.WriteLine($"mint: {id} goes on; follow it with: mint show {id} --watch");
            if (seen?.Kind == ReleaseKind.Ship)
                session.Terminal.Error.WriteLine($"  take it back with: mint rollback {seen.Service} --reason \"…\"");
            return Exit.Interrupted;
        }

        async IAsyncEnumerable<Sighting> NotedAsync()
        {
            var following = new Following(api, id, until, session.Terminal.Clock);
            await foreach (var sighting in following.SightingsAsync(ct))
            {
                seen = sighting.Answer.Release;
                yield return sighting;
            }
        }
    }

    private static bool IsGood(Release release) =>
        release.Phase == Phase.Guarding || release.Outcome == Outcome.Promoted;

    private static async Task<Release> JsonLinesAsync(Session session, IAsyncEnumerable<Sighting> sightings)
    {
        var (written, last) = ("", (ReleaseAnswer?)null);
        await foreach (var (answer, _) in sightings)
        {
            // The revision moves with every entry of every service, the outlook with time: no change of this release.
            var text = Shapes.ToText(answer with { Revision = 0, Outlook = null });
            if (text != written)
                Shapes.Write(session.Out, answer);
            (written, last) = (text, answer);
        }
        return last!.Release;
    }

    private static async Task<Release> PlainLinesAsync(Terminal terminal, IAsyncEnumerable<Sighting> sightings)
    {
        var news = new News();
        ReleaseAnswer? last = null;
        await foreach (var sighting in sightings)
        {
            last = sighting.Answer;
            foreach (var line in news.Of(sighting))
                terminal.Out.WriteLine(
                    $"{Words.Clock(terminal.Clock.GetUtcNow())} {last.Release.Id} {Printable.Line(line)}"
                );
            terminal.Out.Flush();
        }
        Closing.Of(last!).Write(terminal);
        return last!.Release;
    }

    private static async Task<Release> LiveAsync(
        Terminal terminal,
        IAsyncEnumerable<Sighting> sightings,
        CancellationToken ct
    )
    {
        var stages = new StageTimes();
        Sighting? latest = null;
        await using var next = sightings.GetAsyncEnumerator(ct);
        await Page.AnsiConsoleOf(terminal)
            .Live(new Text("…"))
            .StartAsync(async live =>
            {
                var moved = next.MoveNextAsync().AsTask();
                while (!moved.IsCompleted || await moved)
                {
                    if (moved.IsCompleted)
                    {
                        latest = next.Current;
                        stages.See(latest.Answer.Release);
                        moved = next.MoveNextAsync().AsTask();
                    }
                    if (latest is not null)
                        live.UpdateTarget(View(latest, terminal.Clock.GetUtcNow(), stages).ToRenderable());
                    await Task.WhenAny(moved, Task.Delay(Redraw, terminal.Clock, ct));
                }
            });
        Closing.Of(latest!.Answer).Write(terminal);
        return latest.Answer.Release;
    }

    private static Page View(Sighting sighting, DateTimeOffset now, StageTimes stages)
    {
        var page = ReleaseView.Live(sighting.Answer, now, stages);
        return sighting.AwaySince is { } since
            ? page.Line()
                .Line(
                    new Ink(
                        $"The control plane has not answered for {Words.Duration(now - since)}: waiting for it",
                        Tone.Bad
                    )
                )
            : page;
    }
}

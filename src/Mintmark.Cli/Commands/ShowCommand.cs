using System.CommandLine;
using Mintmark.Releases;
using Mintmark.Server;

namespace Mintmark.Cli;

internal static class ShowCommand
{
    public static Verb Create(Frame frame)
    {
        var release = Given.Argument<ReleaseId>("RELEASE", "Such as rel-12", ArgumentArity.ExactlyOne);
        var watch = new Option<bool>("--watch") { Description = "Follow it until it has ended" };
        var show = new Verb(
            "show",
            "Where a release is and, if it does not move, why.",
            "mint show rel-12",
            "mint show rel-12 --watch"
        )
        {
            release,
            watch,
        };
        show.SetAction(
            (given, ct) =>
                RunAsync(frame.Open(given), given.GetRequiredValue(release)!.Value, given.GetValue(watch), ct)
        );
        return show;
    }

    private static async Task<int> RunAsync(Session session, ReleaseId id, bool watch, CancellationToken ct)
    {
        using var api = session.Connect();
        if (watch)
            return await Watching.FollowAsync(session, api, id, Until.Ended, ct);
        var answer = await api.GetAsync<ReleaseAnswer>($"/api/releases/{id}", ct);
        session.Print(answer, a => ReleaseView.Of(a, session.Terminal.Clock.GetUtcNow()));
        return Exit.Done;
    }
}

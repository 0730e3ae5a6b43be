using System.CommandLine;
using Mintmark.Releases;
using Mintmark.Server;

namespace Mintmark.Cli;

internal static class RollbackCommand
{
    public static Verb Create(Frame frame)
    {
        var service = Given.Argument<ServiceName>("SERVICE", "The service", ArgumentArity.ExactlyOne);
        var to = Given.Option<Mark>("--to", "A version that was good [default: the last good one]", "MARK");
        var detach = new Option<bool>("--detach") { Description = "Do not wait until traffic has returned" };
        var person = new Person();
        var rollback = new Verb(
            "rollback",
            "Return traffic to the last good version, or to a named one; code and configuration go back as one.",
            "mint rollback bank --reason \"statements are wrong\"",
            "mint rollback bank --to bank-15 --reason \"statements are wrong\""
        )
        {
            service,
            to,
            detach,
        };
        person.AddTo(rollback);
        rollback.SetAction(
            (given, ct) =>
            {
                var session = frame.Open(given);
                var request = new RollbackRequest(
                    given.GetRequiredValue(service)!.Value,
                    given.GetValue(to),
                    person.Reason(given)!,
                    person.By(given, session)
                );
                return RunAsync(session, request, given.GetValue(detach), ct);
            }
        );
        return rollback;
    }

    private static async Task<int> RunAsync(Session session, RollbackRequest request, bool detach, CancellationToken ct)
    {
        using var api = session.Connect();
        var done = await api.PostAsync<RollbackRequest, Done>("/api/rollback", request, ct);
        var id = done.Release!.Value;
        var answer = await api.GetAsync<ReleaseAnswer>($"/api/releases/{id}", ct);
        // A version that no longer ran has to be started first: that is a release of its own, and takes its time.
        if (answer.Release is { Kind: ReleaseKind.Return, Phase: not Phase.Ended } && !detach)
            return await Watching.FollowAsync(session, api, id, Until.Ended, ct);
        session.Print(answer, a => Page(a, request, done));
        return done.InForce ? Exit.Done : throw Confirmation.Missing("rollback", done);
    }

    private static Page Page(ReleaseAnswer answer, RollbackRequest request, Done done)
    {
        var page =
            answer.Release.Phase == Phase.Ended
                ? new Page()
                    .Line(
                        new Ink($"{answer.Release.Id} ({answer.Release.Mark}) is taken back", Tone.Strong),
                        answer.Release.Baseline is { } serving ? $": {serving} serves all of {request.Service}" : ""
                    )
                    .Line($"  by {request.By ?? done.By}; see: mint show {answer.Release.Id}")
                : new Page()
                    .Line($"{answer.Release.Id} brings {answer.Release.Mark} back: {answer.Explanation}")
                    .Line($"  follow it with: mint show {answer.Release.Id} --watch");
        Confirmation.AddAway(page, done);
        return page;
    }
}

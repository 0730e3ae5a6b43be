using System.CommandLine;
using Mintmark.Build;
using Mintmark.Releases;
using Mintmark.Server;

namespace Mintmark.Cli;

/// <summary>Approve, refuse and review: one person's word about another's work.</summary>
internal static class ConsentCommands
{
    public static Verb Approve(Frame frame) =>
        Say(
            frame,
            "approve",
            "is approved by",
            new Verb(
                "approve",
                "Let a release go on that waits for people at the gate; nobody approves his own.",
                "mint approve rel-12 --reason \"read the change, ticket 4711\" --token-file ~/.mint-token"
            )
        );

    public static Verb Refuse(Frame frame) =>
        Say(
            frame,
            "decline",
            "is refused by",
            new Verb(
                "refuse",
                "End a release that waits for people at the gate.",
                "mint refuse rel-12 --reason \"not in audit week\""
            )
        );

    public static Verb Review(Frame frame)
    {
        var what = Given.Text(
            "COMMIT|RELEASE",
            "A commit of the repository here, or a release such as rel-12 [default: what is checked out]",
            ArgumentArity.ZeroOrOne
        );
        var person = new Person();
        var review = new Verb(
            "review",
            "Say that you have read a commit that others wrote, with what led to it since the last release; of an "
                + "emergency release that you have looked at it afterwards.",
            "mint review v1.4.0 --reason \"read it line by line\"",
            "mint review rel-12 --reason \"the fix was right; the cause is ticket 4712\""
        )
        {
            what,
        };
        person.AddTo(review);
        review.SetAction(
            async (given, ct) =>
            {
                var session = frame.Open(given);
                var request = await ReviewedAsync(session, given.GetValue(what), ct) with
                {
                    Reason = person.Reason(given)!,
                    By = person.By(given, session),
                };
                using var api = session.Connect();
                var done = await api.PostAsync<ReviewRequest, Done>("/api/review", request, ct);
                var reviewed = request.Release?.ToString() ?? Words.Commit(request.Commit!);
                session.Print(done, d => Page(d, $"{reviewed} is reviewed by", request.By));
                return Exit.Done;
            }
        );
        return review;
    }

    private static async Task<ReviewRequest> ReviewedAsync(Session session, string? what, CancellationToken ct)
    {
        if (ReleaseId.TryParse(what, null, out var release))
            return new ReviewRequest(release, null, null, "");
        var repository = await GitRepository.OpenAsync(session.Terminal.Folder, ct);
        var source = await repository.ResolveAsync(what, ct);
        return new ReviewRequest(null, source.Repository, source.Commit, "");
    }

    private static Verb Say(Frame frame, string path, string outcome, Verb verb)
    {
        var release = Given.Argument<ReleaseId>("RELEASE", "Such as rel-12", ArgumentArity.ExactlyOne);
        var digest = new Option<string?>("--digest")
        {
            Description = "Only if the artifact is this one [default: the one that there is]",
            HelpName = "SHA256",
        };
        var person = new Person();
        verb.Add(release);
        verb.Add(digest);
        person.AddTo(verb);
        verb.SetAction(
            async (given, ct) =>
            {
                var session = frame.Open(given);
                var id = given.GetRequiredValue(release)!.Value;
                var request = new SayRequest(
                    id,
                    given.GetValue(digest),
                    person.Reason(given)!,
                    person.By(given, session)
                );
                using var api = session.Connect();
                var done = await api.PostAsync<SayRequest, Done>($"/api/{path}", request, ct);
                session.Print(done, d => Page(d, $"{id} {outcome}", request.By));
                return Exit.Done;
            }
        );
        return verb;
    }

    private static Page Page(Done done, string what, string? by) =>
        new Page()
            .Line(new Ink($"{what} {by ?? done.By}", Tone.Strong))
            .Line($"  in the log of {Words.Count(done.Revision, "entry", "entries")}");
}

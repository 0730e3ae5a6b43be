using System.CommandLine;
using Mintmark.Releases;
using Mintmark.Server;

namespace Mintmark.Cli;

internal static class AdvanceCommand
{
    public static Verb Create(Frame frame)
    {
        var release = Given.Argument<ReleaseId>("RELEASE", "Such as rel-12", ArgumentArity.ExactlyOne);
        var person = new Person();
        var advance = new Verb(
            "advance",
            "Let a release go on from a step that has lacked evidence for too long, where its mint.yaml asks a person.",
            "mint advance rel-12 --reason \"no applications before Monday; checked by hand\""
        )
        {
            release,
        };
        person.AddTo(advance);
        advance.SetAction(
            async (given, ct) =>
            {
                var session = frame.Open(given);
                var request = new AdvanceRequest(
                    given.GetRequiredValue(release)!.Value,
                    person.Reason(given)!,
                    person.By(given, session)
                );
                using var api = session.Connect();
                var done = await api.PostAsync<AdvanceRequest, Done>("/api/advance", request, ct);
                session.Print(done, d => Page(d, request));
                return Exit.Done;
            }
        );
        return advance;
    }

    private static Page Page(Done done, AdvanceRequest request) =>
        new Page()
            .Line(new Ink($"{request.Release} goes on without enough evidence", Tone.Strong))
            .Line($"  follow it with: mint show {request.Release} --watch")
            .Line($"  by {request.By ?? done.By}, in the log of {Words.Count(done.Revision, "entry", "entries")}");
}

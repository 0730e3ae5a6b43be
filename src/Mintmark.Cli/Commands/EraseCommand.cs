using System.CommandLine;
using Mintmark.Releases;
using Mintmark.Server;

namespace Mintmark.Cli;

internal static class EraseCommand
{
    public static Verb Create(Frame frame)
    {
        var mark = Given.Argument<Mark>("MARK", "Such as bank-17", ArgumentArity.ExactlyOne);
        var erase = new Verb(
            "erase",
            "Erase who wrote a version's commit, wherever the same person is kept; all proofs go on to hold.",
            "mint log erase bank-17 --reason \"asked for by the person, ticket 4711\""
        )
        {
            mark,
        };
        var person = new Person();
        person.AddTo(erase);
        erase.SetAction(
            async (given, ct) =>
            {
                var session = frame.Open(given);
                var request = new EraseRequest(
                    given.GetRequiredValue(mark)!.Value,
                    person.Reason(given)!,
                    person.By(given, session)
                );
                using var api = session.Connect();
                var done = await api.PostAsync<EraseRequest, Done>("/api/log/erase", request, ct);
                session.Print(done, d => Page(d, request));
                return Exit.Done;
            }
        );
        return erase;
    }

    private static Page Page(Done done, EraseRequest request) =>
        new Page()
            .Line($"the author of {request.Mark} is erased, here and in every version by the same person")
            .Line("  the log has the commitment and that it was erased; git and backups are yours to see to")
            .Line($"  by {request.By ?? done.By}, in the log of {Words.Count(done.Revision, "entry", "entries")}");
}

using System.CommandLine;
using Mintmark.Server;

namespace Mintmark.Cli;

/// <summary>Where advisories come from. Nothing is fetched that nobody asked for.</summary>
internal static class AdvisoriesCommand
{
    public static Verb Create(Frame frame) =>
        new Verb(
            "advisories",
            "Show where advisories about components come from and how old they are, or fetch them from the mirror that "
                + "the file advisories.url of the home names.",
            "mint advisories status",
            "mint advisories fetch"
        )
        {
            Status(frame),
            Fetch(frame),
        };

    private static Verb Status(Frame frame)
    {
        var status = new Verb(
            "status",
            "Show where advisories come from, how many there are and how old they are.",
            "mint advisories status"
        );
        status.SetAction(
            async (given, ct) =>
            {
                var session = frame.Open(given);
                using var api = session.Connect();
                session.Print(await api.GetAsync<AdvisoriesAnswer>("/api/advisories", ct), AdvisoriesView.Of);
                return Exit.Done;
            }
        );
        return status;
    }

    private static Verb Fetch(Frame frame)
    {
        var by = new Option<string?>("--by")
        {
            Description = "Who asks [default: as for every other command]",
            HelpName = "NAME",
        };
        var fetch = new Verb(
            "fetch",
            "Fetch advisories now. If that fails, those that were fetched before stay in force.",
            "mint advisories fetch"
        )
        {
            by,
        };
        fetch.SetAction(
            async (given, ct) =>
            {
                var session = frame.Open(given);
                using var api = session.Connect();
                var request = new FetchRequest(Person.Named(given.GetValue(by), session));
                var answer = await api.PostAsync<FetchRequest, AdvisoriesAnswer>("/api/advisories/fetch", request, ct);
                session.Print(answer, AdvisoriesView.Of);
                return Exit.Done;
            }
        );
        return fetch;
    }
}

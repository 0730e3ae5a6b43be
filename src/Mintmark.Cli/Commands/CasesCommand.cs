using System.CommandLine;
using Mintmark.Releases;
using Mintmark.Server;

namespace Mintmark.Cli;

/// <summary>Which requirements are verified by which test cases, and what became of these.</summary>
internal static class CasesCommand
{
    public static Verb Create(Frame frame)
    {
        var service = Given.Argument<ServiceName>("SERVICE", "The service", ArgumentArity.ExactlyOne);
        var requirement = new Option<string?>("--requirement")
        {
            Description = "Only this one, and the cases that verify it",
            HelpName = "ID",
        };
        var cases = new Verb(
            "cases",
            "Show requirements, the test cases that verify them and their last results; what nothing verifies, and "
                + "cases that are flaky or gone.",
            "mint cases bank",
            "mint cases bank --requirement PAY-123",
            "mint cases retire bank Ledger.RoundsDown --reason \"replaced by Ledger.Rounds\""
        )
        {
            Retire(frame),
            service,
            requirement,
        };
        cases.SetAction(
            (given, ct) =>
                ShowAsync(frame.Open(given), given.GetRequiredValue(service)!.Value, given.GetValue(requirement), ct)
        );
        return cases;
    }

    private static async Task<int> ShowAsync(
        Session session,
        ServiceName service,
        string? requirement,
        CancellationToken ct
    )
    {
        using var api = session.Connect();
        var only = requirement is { Length: > 0 } ? $"&requirement={Uri.EscapeDataString(requirement)}" : "";
        var answer = await api.GetAsync<CasesAnswer>($"/api/cases?service={service}{only}", ct);
        session.Print(answer, CasesView.Of);
        return Exit.Done;
    }

    private static Verb Retire(Frame frame)
    {
        var service = Given.Argument<ServiceName>("SERVICE", "The service", ArgumentArity.ExactlyOne);
        var one = Given.Text("CASE", "Its id, as 'mint cases' shows it", ArgumentArity.ExactlyOne);
        var person = new Person();
        var retire = new Verb(
            "retire",
            "Miss a test case no more that was there once. If it comes back, it is missed again when it goes.",
            "mint cases retire bank Ledger.RoundsDown --reason \"replaced by Ledger.Rounds\""
        )
        {
            service,
            one,
        };
        person.AddTo(retire);
        retire.SetAction(
            async (given, ct) =>
            {
                var session = frame.Open(given);
                using var api = session.Connect();
                var request = new RetireRequest(
                    given.GetRequiredValue(service)!.Value,
                    given.GetRequiredValue(one)!,
                    person.Reason(given)!,
                    person.By(given, session)
                );
                var done = await api.PostAsync<RetireRequest, Done>("/api/cases/retire", request, ct);
                session.Print(
                    done,
                    d =>
                        new Page()
                            .Line(new Ink($"{request.Case} is missed no more", Tone.Strong))
                            .Line($"  by {d.By}, in the log of {Words.Count(d.Revision, "entry", "entries")}")
                );
                return Exit.Done;
            }
        );
        return retire;
    }
}

using System.CommandLine;
using Mintmark.Releases;
using Mintmark.Server;

namespace Mintmark.Cli;

/// <summary>Halt and resume, freeze and thaw: of one service, or of everything.</summary>
internal static class HoldCommands
{
    public static Verb Halt(Frame frame) =>
        Create(
            frame,
            new Kind("halt", "is halted: the gateway answers 503 with the reason", "lift it with: mint resume", true),
            new Verb(
                "halt",
                "Let nothing through to a service, or to any, at once: the gateway answers 503.",
                "mint halt bank --reason \"double postings\"",
                "mint halt --all --reason \"exchange is down\""
            )
        );

    public static Verb Resume(Frame frame) =>
        Create(
            frame,
            new Kind("resume", "is not halted any more", null, true),
            new Verb("resume", "Lift a halt.", "mint resume bank --reason \"postings are settled\"")
        );

    public static Verb Freeze(Frame frame) =>
        Create(
            frame,
            new Kind(
                "freeze",
                "is frozen: no forward moves; rollback and halt still work",
                "lift it with: mint thaw",
                false
            ),
            new Verb(
                "freeze",
                "Refuse forward moves of a service, or of all. Rollback and halt always work.",
                "mint freeze bank --reason \"audit week\"",
                "mint freeze --all --reason \"year end\""
            )
        );

    public static Verb Thaw(Frame frame) =>
        Create(
            frame,
            new Kind("thaw", "is not frozen any more", null, false),
            new Verb("thaw", "Lift a freeze.", "mint thaw --all --reason \"year is closed\"")
        );

    private static Verb Create(Frame frame, Kind kind, Verb verb)
    {
        var service = Given.Argument<ServiceName>("SERVICE", "The service", ArgumentArity.ZeroOrOne);
        var all = new Option<bool>("--all") { Description = "Every service" };
        var person = new Person();
        verb.Add(service);
        verb.Add(all);
        person.AddTo(verb);
        verb.Validators.Add(given =>
        {
            var named = given.GetResult(service) is { Tokens.Count: > 0 };
            if (named == given.GetValue(all))
                given.AddError(named ? "name a service or --all, not both" : "name a service, or --all for everything");
        });
        verb.SetAction(
            (given, ct) =>
            {
                var session = frame.Open(given);
                var by = person.By(given, session);
                var request = new HoldRequest(given.GetValue(service), person.Reason(given)!, by);
                return RunAsync(session, kind, request, ct);
            }
        );
        return verb;
    }

    private static async Task<int> RunAsync(Session session, Kind kind, HoldRequest request, CancellationToken ct)
    {
        using var api = session.Connect();
        var done = await api.PostAsync<HoldRequest, Done>($"/api/{kind.Path}", request, ct);
        var confirmed = done.InForce || !kind.NeedsGateway;
        if (confirmed || session.Json)
            session.Print(done, d => Page(d, kind, request));
        return confirmed ? Exit.Done : throw Confirmation.Missing(kind.Path, done);
    }

    private static Page Page(Done done, Kind kind, HoldRequest request)
    {
        var (what, target) = request.Service is { } service ? ($"{service}", $"{service}") : ("everything", "--all");
        var page = new Page().Line(new Ink($"{what} {kind.Outcome}", Tone.Strong));
        if (kind.Next is not null)
            page.Line($"  {kind.Next} {target} --reason \"…\"");
        if (kind.NeedsGateway)
            Confirmation.AddAway(page, done);
        return page.Line(
            $"  by {request.By ?? done.By}, in the log of {Words.Count(done.Revision, "entry", "entries")}"
        );
    }

    /// <param name="NeedsGateway">Whether it is only done when the gateway has confirmed it.</param>
    private sealed record Kind(string Path, string Outcome, string? Next, bool NeedsGateway);
}

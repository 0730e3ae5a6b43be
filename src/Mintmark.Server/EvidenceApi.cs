using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Mintmark.Evidence;
using Mintmark.Journal;
using Mintmark.Releases;

namespace Mintmark.Server;

/// <summary>What can be asked and said of test cases, components and advisories.</summary>
internal static class EvidenceApi
{
    public static void MapEvidence(this IEndpointRouteBuilder api)
    {
        api.OnGet("/cases", Cases).WithSummary("Test cases of a service, and which requirement each verifies");
        api.OnPost("/cases/retire", RetireAsync).WithSummary("Miss a test case no more that was there once");
        api.OnGet("/components", Components)
            .WithSummary("What a version is made of: known advisories, and what is past its support");
        api.OnGet("/advisories", (EvidenceViews views) => views.Advisories())
            .WithSummary("Where advisories come from, and how old they are");
        api.OnPost("/advisories/fetch", FetchAsync).WithSummary("Fetch advisories from the mirror that the team named");
    }

    private static Results<Ok<CasesAnswer>, ProblemHttpResult> Cases(
        ServiceName service,
        string? requirement,
        EvidenceViews views,
        ReleaseJournal journal
    )
    {
        if (journal.State.Find(service) is null)
            return Unknown(journal.State, service);
        return views.Cases(service, requirement) is { } found
            ? TypedResults.Ok(found)
            : Problems.NotFound($"no full suite of {service} has left results that could be read yet");
    }

    /// <summary>What the suite has is not missed, so there is nothing to retire; nor is what it never had.</summary>
    private static async Task<Results<Ok<Done>, ProblemHttpResult>> RetireAsync(
        RetireRequest request,
        Caller caller,
        EvidenceViews views,
        Commands commands,
        CancellationToken ct
    )
    {
        var cases = views.Cases(request.Service, null);
        var notMissing =
            cases is null || cases.Missing.Contains(request.Case) ? null
            : cases.All.FirstOrDefault(c => c.Id == request.Case) is { } one
                ? $"{request.Case} is {one.State} in {cases.Mark}: only a missing case is retired"
            : $"{request.Service} has no case '{request.Case}'; 'mint cases {request.Service}' lists them";
        var retire = new Command.RetireCase(request.Service, request.Case, request.Reason, notMissing);
        return await commands.RunAsync(retire, caller, request.By, ct);
    }

    /// <param name="of">A mark, or a service: then the version that serves, or else its latest.</param>
    private static Results<Ok<ComponentsAnswer>, ProblemHttpResult> Components(
        string of,
        EvidenceViews views,
        ReleaseJournal journal
    )
    {
        var state = journal.State;
        if (!Mark.TryParse(of, null, out var mark) || !state.Versions.ContainsKey(mark))
        {
            if (!ServiceName.TryParse(of, null, out var name) || state.Find(name) is not { } service)
                return Problems.NotFound($"'{of}' is no service and no mark that is known here");
            mark = service.Serving ?? new Mark(name, service.Builds);
        }
        return views.Components(mark) is { } found
            ? TypedResults.Ok(found)
            : Problems.NotFound($"{mark} was not built to its end, or before its components were listed");
    }

    private static async Task<Results<Ok<AdvisoriesAnswer>, ProblemHttpResult>> FetchAsync(
        FetchRequest request,
        Caller caller,
        Commands commands,
        ReleaseJournal journal,
        MirrorReconciler mirror,
        EvidenceViews views,
        CancellationToken ct
    )
    {
        var wants = new Command.Wants(Wish.FetchAdvisories, "advisories are to be fetched");
        if (await commands.RefusalAsync(wants, caller, request.By, ct) is { } no)
            return no;
        try
        {
            await mirror.FetchAsync(caller.As(request.By, journal.State), ct);
            return TypedResults.Ok(views.Advisories());
        }
        catch (Exception failure) when (failure is MirrorException or MaterialsException)
        {
            return TypedResults.Problem(
                statusCode: StatusCodes.Status502BadGateway,
                title: "advisories were not fetched",
                detail: $"{failure.Message}; what was fetched before stays in force"
            );
        }
    }

    private static ProblemHttpResult Unknown(State state, ServiceName service) =>
        Problems.NotFound(
            $"no service '{service}' has been shipped here; known: "
                + (state.Services.IsEmpty ? "none yet" : string.Join(", ", state.Services.Keys))
        );
}

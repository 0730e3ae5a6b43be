using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Hosting;
using Mintmark.Journal;
using Mintmark.Releases;

namespace Mintmark.Server;

/// <summary>What can be asked.</summary>
internal static class QueryApi
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(10);

    public static void MapQueries(this IEndpointRouteBuilder api)
    {
        api.OnGet("/status", (Views views, CancellationToken ct) => views.StatusAsync(ct))
            .WithSummary("What runs, and what does not work");
        api.OnGet("/releases", Releases).WithSummary("All releases, newest first");
        api.OnGet("/releases/{id}", ReleaseAsync)
            .WithSummary("One release, with its evidence and why it does not move");
        api.OnGet("/trace", TraceOf).WithSummary("A mark, commit, address or request id: where it came from and ran");
        api.OnGet("/gate", GateAsync).WithSummary("What the gate would say of a commit, without shipping it");
        api.OnGet("/log/state", StateOf).WithSummary("Size, root and digest of the state, to hold against the log");
    }

    private static IReadOnlyList<ReleaseAnswer> Releases(Views views, ServiceName? service, int? limit) =>
        views.Releases(service, Math.Clamp(limit ?? 50, 1, 1000));

    /// <param name="after">With it, the answer waits until the log holds more entries than this, ten seconds at
    /// most.</param>
    private static async Task<Results<Ok<ReleaseAnswer>, ProblemHttpResult>> ReleaseAsync(
        ReleaseId id,
        Views views,
        ReleaseJournal journal,
        IHostApplicationLifetime lifetime,
        long? after,
        CancellationToken ct
    )
    {
        if (after is { } seen)
            await WaitAsync(journal, seen, lifetime.ApplicationStopping, ct);
        return await views.ReleaseAsync(id, ct) is { } found
            ? TypedResults.Ok(found)
            : Problems.NotFound($"there is no {id}; 'mint releases' lists them");
    }

    /// <param name="stopping">The server waits for what it was asked before it stops, so nobody waits here.</param>
    internal static async Task WaitAsync(
        ReleaseJournal journal,
        long seen,
        CancellationToken stopping,
        CancellationToken ct
    )
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct, stopping);
        limit.CancelAfter(LongestWait);
        await ((Task)journal.ChangedAsync(seen, limit.Token)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private static async Task<Results<Ok<GateAnswer>, ProblemHttpResult>> GateAsync(
        ServiceName service,
        Gating gating,
        string? commit,
        CancellationToken ct
    ) =>
        await gating.OfAsync(service, commit, ct) is { } answer
            ? TypedResults.Ok(answer)
            : Problems.NotFound($"no service '{service}' was shipped here; before that: mint assess REPO");

    private static Results<Ok<TraceAnswer>, ProblemHttpResult> TraceOf(
        string of,
        ReleaseJournal journal,
        Authors authors
    )
    {
        var answer = Trace.Of(journal.State, of);
        return answer is not null
            ? TypedResults.Ok(answer with { Version = authors.Reveal(answer.Version) })
            : Problems.NotFound(
                $"'{of}' is no mark (bank-17), commit (7 or more hex digits), address (127.0.0.1:20001) or request id "
                    + "(from the Mint-Request header) that is known here"
            );
    }

    private static StateAnswer StateOf(ReleaseJournal journal)
    {
        var (state, root) = journal.Now;
        return new StateAnswer(state.Size, root.ToString(), EntryCodec.Digest(state));
    }
}

public sealed record StateAnswer(long Size, string Root, string Digest);

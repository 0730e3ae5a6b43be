using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.Net.Http.Headers;
using Mintmark.Log;

namespace Mintmark.Server;

/// <summary>
/// The log as c2sp.org/tlog-tiles serves it, and proofs from it. Behind the token as all else: entries are confidential
/// here.
/// </summary>
internal static class LogApi
{
    private const string Text = "text/plain; charset=utf-8";
    private const string Bytes = "application/octet-stream";

    /// <summary>What a name stands for never changes; only its reader, who bore the token, may keep it.</summary>
    private const string ForEver = "private, max-age=31536000, immutable";

    public static void MapLog(this IEndpointRouteBuilder app)
    {
        var routes = app.MapGroup("/log");
        routes
            .OnGet("/checkpoint", Checkpoint)
            .Produces<string>(contentType: Text)
            .WithSummary("The latest signed checkpoint (c2sp.org/tlog-checkpoint), cosigned if there are witnesses");
        routes
            .OnGet("/tile/{level}/{**path}", TileOf)
            .Produces<byte[]>(contentType: Bytes)
            .WithSummary("Hashes of a tile, or with 'entries' as level a bundle of entries (c2sp.org/tlog-tiles)");
        routes
            .OnGet("/proof/{index:long}", Inclusion)
            .Produces<string>(contentType: Text)
            .WithSummary("That an entry is under the latest checkpoint (c2sp.org/tlog-proof), with the entry as extra");
        routes
            .OnGet("/consistency", Consistency)
            .WithSummary("That the tree of one size begins with the tree of an earlier one (RFC 6962, section 2.1.2)");
    }

    private static Results<ContentHttpResult, ProblemHttpResult> Checkpoint(
        WitnessLink witnesses,
        HttpResponse response
    )
    {
        response.Headers[HeaderNames.CacheControl] = "no-cache";
        return witnesses.Checkpoint() is { } note
            ? TypedResults.Content(note, Text)
            : Problems.NotFound("the log is empty: nothing was signed yet");
    }

    private static Results<FileContentHttpResult, ProblemHttpResult> TileOf(
        string level,
        string? path,
        LogReader log,
        HttpResponse response
    )
    {
        if (TileName.Parse(level, path ?? "") is not { } name)
            return Problems.NotFound("a tile is named tile/<L>/<N>[.p/<W>], as c2sp.org/tlog-tiles says");
        var content = level == "entries" ? log.Entries(name) : log.Tile(name);
        if (content is null)
            return Problems.NotFound("the log has no such tile, or it is not as wide yet");
        response.Headers[HeaderNames.CacheControl] = ForEver;
        return TypedResults.Bytes(content, Bytes);
    }

    private static Results<ContentHttpResult, ProblemHttpResult> Inclusion(
        long index,
        LogReader log,
        WitnessLink witnesses,
        HttpResponse response
    )
    {
        if (log.Prove(index, witnesses.Checkpoint()) is not { } proof)
            return Problems.NotFound($"there is no entry {index}");
        response.Headers[HeaderNames.CacheControl] = "no-cache";
        return TypedResults.Content(proof.ToText(), Text);
    }

    private static Results<Ok<ConsistencyAnswer>, ProblemHttpResult> Consistency(long from, long to, LogReader log) =>
        log.Consistency(from, to) is { } proof
            ? TypedResults.Ok(new ConsistencyAnswer(from, to, [.. proof.Select(hash => hash.ToBase64())]))
            : Problems.NotFound("from and to are sizes of this log, the first not above the second");
}

/// <param name="Proof">Hashes in base64, in the order of RFC 6962, section 2.1.2.</param>
internal sealed record ConsistencyAnswer(long From, long To, IReadOnlyList<string> Proof);

using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Mintmark.Gate;
using Mintmark.Log;
using Mintmark.Releases;

namespace Mintmark.Server;

/// <summary>What a person can ask for.</summary>
internal static class CommandApi
{
    public static void MapCommands(this IEndpointRouteBuilder api)
    {
        api.OnPost("/ship", ShipAsync).WithSummary("Build a commit and bring it into service, step by step");
        api.OnPost("/rollback", RollbackAsync)
            .WithSummary("Return traffic to the last good version, or to a named one")
            .Urgent();
        api.OnPost("/advance", AdvanceAsync)
            .WithSummary("Let a release go on from a step that has lacked evidence for too long");
        api.OnPost("/halt", HaltAsync).WithSummary("Let nothing through to a service, or to any").Urgent();
        api.OnPost("/resume", ResumeAsync).WithSummary("Lift a halt").Urgent();
        api.OnPost("/freeze", FreezeAsync).WithSummary("Refuse forward moves; rollback and halt still work").Urgent();
        api.OnPost("/thaw", ThawAsync).WithSummary("Lift a freeze");
        api.OnPost(
                "/log/rotate-key",
                (RotateKeyRequest r, Caller c, KeyRotation k, CancellationToken ct) => k.RunAsync(r, c, ct)
            )
            .WithSummary("Give the log another key; the present one says so in the log");
        api.OnPost("/log/erase", (EraseRequest r, Caller c, Authors a, CancellationToken ct) => a.EraseAsync(r, c, ct))
            .WithSummary("Erase the author of a version, wherever the same name and address are kept");
        api.OnPost("/gateway/replace", ReplaceAsync)
            .WithSummary("Have other processes take the place of gateways, without the loss of a request");
        api.OnPost("/down", (Shutdown shutdown, Caller caller) => shutdown.Begin(caller))
            .WithSummary("Stop the gateway, every instance and the control plane");
    }

    private static async Task<Results<Ok<Replaced>, ProblemHttpResult>> ReplaceAsync(
        ReplaceRequest request,
        Caller caller,
        Gateways gateways,
        CancellationToken ct
    )
    {
        caller.RequireHome("replacing a gateway");
        try
        {
            return await gateways.ReplaceAsync(request.Gateway, ct) is { } replaced
                ? TypedResults.Ok(replaced)
                : Problems.NotFound($"there is no gateway on {request.Gateway}; 'mint status' shows them");
        }
        catch (GatewayException why)
        {
            return TypedResults.Problem(
                $"the gateway that runs goes on: {why.Message}",
                statusCode: StatusCodes.Status500InternalServerError,
                title: "Not replaced"
            );
        }
    }

    internal static async Task<Results<Ok<Done>, ProblemHttpResult>> ShipAsync(
        ShipRequest request,
        Caller caller,
        Commands commands,
        Authors authors,
        CancellationToken ct
    )
    {
        var wish = request.Emergency ? Wish.ShipInEmergency : Wish.Ship;
        if (await commands.RefusalAsync(new(wish, request.Reason), caller, request.By, ct) is { } no)
            return no;
        var (named, manifest) = await Shipping.ReadAsync(request.Repository, request.Commit, ct);
        var source = authors.Keep(named);
        var command = new Command.Ship(source, manifest, request.Reason, request.Emergency);
        try
        {
            var result = await commands.RunAsync(command, caller, request.By, ct);
            if (result.Result is ProblemHttpResult)
                authors.Forget(source);
            return result;
        }
        catch (Exception unlogged)
            when (unlogged is LogStorageException or OperationCanceledException or NotAllowedException)
        {
            // Nothing was decided: no entry will ever name it, so nobody could have it erased.
            authors.Forget(source);
            throw;
        }
    }

    private static Task<Results<Ok<Done>, ProblemHttpResult>> RollbackAsync(
        RollbackRequest request,
        Caller caller,
        Commands commands,
        CancellationToken ct
    ) => commands.RunAsync(new Command.Rollback(request.Service, request.To, request.Reason), caller, request.By, ct);

    private static Task<Results<Ok<Done>, ProblemHttpResult>> AdvanceAsync(
        AdvanceRequest request,
        Caller caller,
        Commands commands,
        Views views,
        CancellationToken ct
    ) =>
        commands.RunAsync(
            new Command.Advance(request.Release, request.Reason, views.Worse(request.Release)),
            caller,
            request.By,
            ct
        );

    private static Task<Results<Ok<Done>, ProblemHttpResult>> HaltAsync(
        HoldRequest request,
        Caller caller,
        Commands commands,
        CancellationToken ct
    ) => commands.RunAsync(new Command.Halt(request.Service, request.Reason), caller, request.By, ct);

    private static Task<Results<Ok<Done>, ProblemHttpResult>> ResumeAsync(
        HoldRequest request,
        Caller caller,
        Commands commands,
        CancellationToken ct
    ) => commands.RunAsync(new Command.Resume(request.Service, request.Reason), caller, request.By, ct);

    private static Task<Results<Ok<Done>, ProblemHttpResult>> FreezeAsync(
        HoldRequest request,
        Caller caller,
        Commands commands,
        CancellationToken ct
    ) => commands.RunAsync(new Command.Freeze(request.Service, request.Reason), caller, request.By, ct);

    private static Task<Results<Ok<Done>, ProblemHttpResult>> ThawAsync(
        HoldRequest request,
        Caller caller,
        Commands commands,
        FreezeReconciler freezes,
        CancellationToken ct
    )
    {
        var window = request.Service is { } service ? freezes.Holding(service) : null;
        return commands.RunAsync(new Command.Thaw(request.Service, request.Reason, window), caller, request.By, ct);
    }
}

using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Mintmark.Journal;
using Mintmark.Releases;

namespace Mintmark.Server;

/// <summary>Gives a person's command to the journal and waits until the gateways are where the state is.</summary>
internal sealed class Commands(ReleaseJournal journal, Gateways gateways)
{
    private static readonly TimeSpan ConfirmationTime = TimeSpan.FromSeconds(2);

    public async Task<Results<Ok<Done>, ProblemHttpResult>> RunAsync(
        Command.Person command,
        Caller caller,
        string? by,
        CancellationToken ct
    )
    {
        var actor = caller.As(by, journal.State);
        var decision = await journal.ExecuteAsync(command, actor, ct);
        if (decision is Decision.Refused refused)
            return Problems.Refused(refused);
        var revision = journal.State.Size;
        // What moves traffic is done when the gateways say so; what only enters the log is done now.
        var inForce = !MovesTraffic(command) || await gateways.InForceAsync(revision, ConfirmationTime, ct);
        var away = gateways.Away(waitedFor: inForce ? null : revision);
        return TypedResults.Ok(
            new Done(
                ReleaseOf(((Decision.Accepted)decision).Events),
                revision,
                inForce,
                actor.Name,
                away.Count > 0 ? away : null
            )
        );
    }

    /// <summary>The answer to somebody who may not say it, which the log keeps; null to one who may.</summary>
    public async Task<ProblemHttpResult?> RefusalAsync(
        Command.Wants command,
        Caller caller,
        string? by,
        CancellationToken ct
    ) =>
        await journal.ExecuteAsync(command, caller.As(by, journal.State), ct) is Decision.Refused refused
            ? Problems.Refused(refused)
            : null;

    private static bool MovesTraffic(Command.Person command) =>
        command is Command.Rollback or Command.Halt or Command.Resume or Command.Freeze or Command.Thaw;

    private static ReleaseId? ReleaseOf(IReadOnlyList<Event> events) =>
        events
            .Select(e =>
                e switch
                {
                    Event.ShipRequested s => s.Release,
                    Event.ReturnRequested r => r.Release,
                    Event.RolledBack b => b.Release,
                    Event.StepAdvanced a => a.Release,
                    Event.ReleaseApproved a => a.Release,
                    Event.ReleaseDeclined d => d.Release,
                    Event.EmergencyReviewed r => r.Release,
                    _ => (ReleaseId?)null,
                }
            )
            .LastOrDefault(id => id is not null);
}

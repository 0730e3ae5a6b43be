using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Mintmark.Journal;
using Mintmark.Log;
using Mintmark.Releases;

namespace Mintmark.Server;

/// <summary>Gives a person's command to the journal and waits until the gateway is where the state is.</summary>
internal sealed class Commands(ReleaseJournal journal, GatewayLink gateway, Reserve reserve)
{
    private static readonly TimeSpan ConfirmationTime = TimeSpan.FromSeconds(2);

    public async Task<Results<Ok<Done>, ProblemHttpResult>> RunAsync(
        Command.Person command,
        string by,
        CancellationToken ct
    )
    {
        var decision = await DecideAsync(command, Person(by), ct);
        if (decision is Decision.Refused refused)
            return Problems.Refused(refused);
        var revision = journal.State.Size;
        // What moves traffic is done when the gateway says so; what only enters the log is done now.
        var inForce =
            command is Command.Ship or Command.Advance or Command.EraseAuthor
            || await gateway.InForceAsync(revision, ConfirmationTime, ct);
        return TypedResults.Ok(new Done(ReleaseOf(((Decision.Accepted)decision).Events), revision, inForce));
    }

    private async Task<Decision> DecideAsync(Command.Person command, Actor by, CancellationToken ct)
    {
        try
        {
            return await journal.ExecuteAsync(command, by, ct);
        }
        catch (LogStorageException) when (command is Command.Halt or Command.Rollback && reserve.GiveUp())
        {
            return await journal.ExecuteAsync(command, by, ct);
        }
    }

    public static Actor Person(string by) =>
        by.Length is > 0 and <= 100 && !by.Contains('/', StringComparison.Ordinal) && !by.Any(char.IsControl)
            ? new Actor(by)
            : throw new BadHttpRequestException("by: 1 to 100 printable characters without '/', naming who asks");

    private static ReleaseId? ReleaseOf(IReadOnlyList<Event> events) =>
        events
            .Select(e =>
                e switch
                {
                    Event.ShipRequested s => s.Release,
                    Event.ReturnRequested r => r.Release,
                    Event.RolledBack b => b.Release,
                    Event.StepAdvanced a => a.Release,
                    _ => (ReleaseId?)null,
                }
            )
            .LastOrDefault(id => id is not null);
}

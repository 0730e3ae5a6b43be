using Microsoft.Extensions.Hosting;
using Mintmark.Log;

namespace Mintmark.Server;

/// <summary>
/// Brings the latest checkpoint to the witnesses, once a second while there is a newer one, and keeps what they
/// cosigned. Nothing waits for it: a witness that is away or refuses is a trouble that status shows.
/// </summary>
internal sealed class WitnessLink : BackgroundService
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);

    /// <summary>So long the last witnessed checkpoint stands for the latest one.</summary>
    private static readonly TimeSpan StandsFor = TimeSpan.FromMinutes(1);

    private readonly LogReader log;
    private readonly WitnessedCheckpoint kept;
    private readonly TimeProvider clock;
    private readonly Troubles troubles;
    private readonly List<WitnessClient> witnesses;
    private volatile Witnessed? latest;
    private string? asked;

    public WitnessLink(LogReader log, ControlPlaneOptions options, TimeProvider clock, Troubles troubles)
        : this(log, new WitnessedCheckpoint(options.Home.Witnessed), options.Witnesses, clock, troubles) { }

    public WitnessLink(
        LogReader log,
        WitnessedCheckpoint kept,
        IReadOnlyList<WitnessAddress> witnesses,
        TimeProvider clock,
        Troubles troubles
    )
    {
        this.log = log;
        this.kept = kept;
        this.clock = clock;
        this.troubles = troubles;
        this.witnesses = [.. witnesses.Select(witness => new WitnessClient(witness, log))];
    }

    /// <summary>The latest checkpoint; while they keep up, or nothing was logged since, the latest that witnesses
    /// cosigned.</summary>
    public string? Checkpoint() =>
        latest is { } witnessed
        && (clock.GetUtcNow() - witnessed.At < StandsFor || log.Latest()?.Checkpoint.Size == witnessed.Size)
            ? witnessed.Note
            : log.Latest()?.Note;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (witnesses.Count == 0)
            return;
        using var timer = new PeriodicTimer(Period, clock);
        do await RoundAsync(stoppingToken);
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    public async Task RoundAsync(CancellationToken ct)
    {
        try
        {
            if (log.Latest() is not var (checkpoint, note) || note == asked)
                return;
            var cosigned = await AskAllAsync(note, checkpoint.Size, ct);
            if (cosigned is null)
                return;
            kept.Save(cosigned);
            latest = new Witnessed(cosigned, checkpoint.Size, clock.GetUtcNow());
            troubles.Clear("witness");
        }
        catch (Exception failure) when (failure is LogCorruptException or LogStorageException)
        {
            troubles.Report("witness", failure.Message);
        }
    }

    /// <returns>Null where no witness cosigned.</returns>
    private async Task<string?> AskAllAsync(string note, long size, CancellationToken ct)
    {
        var cosigned = note;
        var all = true;
        foreach (var witness in witnesses)
        {
            try
            {
                cosigned = await witness.CosignAsync(cosigned, size, ct);
                troubles.Clear($"witness {witness.Name}");
            }
            catch (WitnessException failure)
            {
                all = false;
                troubles.Report($"witness {witness.Name}", failure.Message);
            }
        }
        // Where one is missing, it is asked again in the next round, for this checkpoint or a later one.
        if (all)
            asked = note;
        return cosigned == note ? null : cosigned;
    }

    public override void Dispose()
    {
        witnesses.ForEach(witness => witness.Dispose());
        base.Dispose();
    }

    private sealed record Witnessed(string Note, long Size, DateTimeOffset At);
}

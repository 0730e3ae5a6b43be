using Mintmark.Journal;
using Mintmark.Releases;

namespace Mintmark.Evidence;

/// <summary>Fetches advisories when somebody asks, and as often as the team has said.</summary>
/// <param name="path">Of <see cref="MirrorPlan.FileName"/> in the home.</param>
/// <param name="notice">Told why the last fetch failed and how old what is there is; null once one went well.</param>
public sealed class MirrorReconciler(
    ReleaseJournal journal,
    AdvisoryMirror mirror,
    FetchedFiles files,
    AdvisoryPlace place,
    string path,
    TimeProvider clock,
    Action<string?> notice
) : IReconciler, IDisposable
{
    private static readonly Actor Self = new("mintmark/advisories");
    private static readonly TimeSpan Again = TimeSpan.FromMinutes(15);

    private readonly SemaphoreSlim one = new(1, 1);
    private DateTimeOffset? failedAt;

    public string Name => "advisories";

    public TimeSpan Period { get; } = TimeSpan.FromMinutes(1);

    /// <summary>Why the last fetch failed; null where it went well, or none was tried since the start.</summary>
    public string? Failure { get; private set; }

    public async Task ReconcileAsync(CancellationToken ct)
    {
        if (MirrorPlan.Read(path) is not { Every: { } every })
            return;
        var now = clock.GetUtcNow();
        var isDue = files.List() is not { } list || now - list.At >= every;
        if (!isDue || now - failedAt < Again)
            return;
        try
        {
            await FetchAsync(Self, ct);
        }
        catch (MirrorException)
        {
            // It was noticed, and what there is stays in force.
        }
    }

    /// <returns>The snapshot that is in force now.</returns>
    /// <exception cref="MirrorException">It failed; the snapshot before stays.</exception>
    /// <exception cref="MaterialsException">The file that says from where makes no sense.</exception>
    public async Task<AdvisorySnapshot> FetchAsync(Actor by, CancellationToken ct)
    {
        var plan =
            MirrorPlan.Read(path) ?? throw new MirrorException($"no mirror is named: write its address into {path}");
        await one.WaitAsync(ct);
        try
        {
            await mirror.FetchAsync(plan, clock.GetUtcNow(), ct);
            (Failure, failedAt) = (null, null);
            notice(null);
            var snapshot = place.Snapshot()!;
            if (journal.State.Advisories?.Digest != snapshot.Digest)
            {
                IReadOnlyList<string> from = [.. plan.Addresses.Select(MirrorPlan.Shown)];
                var fetched = new Event.AdvisoriesFetched(from, snapshot.Digest, snapshot.Advisories);
                await journal.ExecuteAsync(new Command.Record(fetched), by, ct);
            }
            return snapshot;
        }
        catch (MirrorException failure)
        {
            failedAt = clock.GetUtcNow();
            Failure = failure.Message;
            notice($"fetching them failed: {failure.Message}; {Age(files.List(), failedAt.Value)}");
            throw;
        }
        finally
        {
            one.Release();
        }
    }

    public void Dispose() => one.Dispose();

    private static string Age(FetchedList? list, DateTimeOffset now) =>
        list is null
            ? "none were fetched before"
            : $"those in force are {Math.Max(0, (int)(now - list.At).TotalHours)} hours old";
}

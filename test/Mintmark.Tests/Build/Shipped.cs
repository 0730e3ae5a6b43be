using Mintmark.Build;
using Mintmark.Journal;
using Mintmark.Log;
using Mintmark.Releases;
using Mintmark.Tests.Log;
using Xunit;

namespace Mintmark.Tests.Build;

/// <summary>A journal in which a release waits to be built.</summary>
sealed class Shipped : IDisposable
{
    private static readonly Actor Alice = new("alice");

    private readonly LogFolder folder = new();

    public Shipped() =>
        Journal = ReleaseJournal.Open(
            SqliteStorage.Open(folder.Database),
            folder.Key,
            LogFolder.Origin,
            TimeProvider.System
        );

    public ReleaseJournal Journal { get; }

    public Release Release => Journal.State.Releases[BuildHome.Release];

    public ServiceVersion Version => Journal.State.Versions[BuildHome.Mark];

    public IEnumerable<Event> Events => Journal.Read(0).Select(e => e.Entry.Event);

    public async Task ShipAsync(BuildHome home, Manifest manifest)
    {
        var source = await (await home.Repository.OpenAsync()).ResolveAsync(null, CancellationToken.None);
        await AcceptedAsync(new Command.Ship(source, manifest, "a test"));
    }

    public Task RollBackAsync() => AcceptedAsync(new Command.Rollback(BuildHome.Mark.Service, null, "a test"));

    /// <summary>The state as soon as the release is in a phase.</summary>
    public async Task ReachedAsync(Phase phase)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(3));
        var state = Journal.State;
        while (state.Releases[BuildHome.Release].Phase != phase)
            state = await Journal.ChangedAsync(state.Size, patience.Token);
    }

    public void Dispose()
    {
        Journal.Dispose();
        folder.Dispose();
    }

    private async Task AcceptedAsync(Command command) =>
        Assert.IsType<Decision.Accepted>(await Journal.ExecuteAsync(command, Alice, CancellationToken.None));
}

/// <summary>A builder that does at once what it is told to.</summary>
sealed class ScriptedBuilder(Func<BuildJob, Func<Event, Task>, CancellationToken, Task<BuildOutcome>> build) : IBuilder
{
    public int Recoveries { get; private set; }

    public int Builds { get; private set; }

    public Task RecoverAsync(CancellationToken ct)
    {
        Recoveries++;
        return Task.CompletedTask;
    }

    public Task<BuildOutcome> BuildAsync(BuildJob job, Func<Event, Task> report, CancellationToken ct)
    {
        Builds++;
        return build(job, report, ct);
    }
}

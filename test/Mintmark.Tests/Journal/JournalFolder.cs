using Mintmark.Journal;
using Mintmark.Log;
using Mintmark.Releases;
using Mintmark.Tests.Log;

namespace Mintmark.Tests.Journal;

/// <summary>A log of its own on disk, with journals over it.</summary>
sealed class JournalFolder : IDisposable
{
    public const string Why = "because";
    public static readonly Actor Alice = new("alice");

    public LogFolder Log { get; } = new();

    public Snapshot Snapshot => new(Log.In("snapshots/state.json"));

    public ReleaseJournal Open(ILogStorage? storage = null, Snapshot? snapshot = null, Func<bool>? giveUp = null) =>
        ReleaseJournal.Open(storage ?? Storage(), Log.Key, LogFolder.Origin, TimeProvider.System, snapshot, giveUp);

    public SqliteStorage Storage() => SqliteStorage.Open(Log.Database);

    public static Command ShipOf(string service) =>
        Releases.Bank.ShipIt with
        {
            Manifest = Releases.Bank.Declared with { Name = new(service) },
        };

    public static Command HaltAll(string reason = Why) => new Command.Halt(null, reason);

    public static Command ResumeAll() => new Command.Resume(null, Why);

    public void Dispose() => Log.Dispose();
}

static class Commanding
{
    public static Task<Decision> SayAsync(this ReleaseJournal journal, Command command) =>
        journal.ExecuteAsync(command, JournalFolder.Alice, CancellationToken.None);

    public static async Task<string> RefusalAsync(this ReleaseJournal journal, Command command) =>
        await journal.SayAsync(command) is Decision.Refused refused ? refused.Rule : "accepted";

    public static string Digest(this ReleaseJournal journal) => EntryCodec.Digest(journal.State);
}

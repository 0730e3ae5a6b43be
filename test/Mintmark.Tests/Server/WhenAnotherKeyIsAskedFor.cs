using System.Net;
using Mintmark.Journal;
using Mintmark.Log;
using Mintmark.Server;
using Mintmark.Tests.Log;
using Xunit;

namespace Mintmark.Tests.Server;

public sealed class WhenAnotherKeyIsAskedFor : IDisposable
{
    private static readonly Addresses Addresses = new(new(IPAddress.Loopback, 1), new(IPAddress.Loopback, 2));

    private readonly LogFolder folder = new();
    private readonly Home home;
    private readonly ReleaseJournal journal;

    public WhenAnotherKeyIsAskedFor()
    {
        home = new Home(folder.In("home"));
        Directory.CreateDirectory(home.Log);
        (journal, _) = Composition.OpenJournal(home, SqliteStorage.Open(home.LogFile));
    }

    [Fact]
    public async Task AJournalThatIsBrokenKeepsTheKeyThatMayBeTheLogs()
    {
        var coming = home.LogKey + ".next";
        LogKey.LoadOrCreate(coming).Dispose();
        var content = await File.ReadAllTextAsync(coming);
        journal.Break(new LogAmbiguousException("the disk did not say"));
        await Assert.ThrowsAsync<InvalidOperationException>(() => RotateAsync(null));
        Assert.Equal(content, await File.ReadAllTextAsync(coming));
    }

    [Fact]
    public async Task TheAnswerSaysWhatStandbysNeed()
    {
        Assert.Null((await RotateAsync(null)).Standbys);
        var shared = await RotateAsync(PostgresAddress.Parse("postgres://mint@db.example/mintmark"));
        Assert.StartsWith("copy log/key.pem of this home", shared.Standbys, StringComparison.Ordinal);
    }

    private async Task<KeyRotated> RotateAsync(PostgresAddress? shared)
    {
        using var rotation = new KeyRotation(journal, new(home, Addresses, shared), new Troubles());
        return await rotation.RunAsync(new RotateKeyRequest("yearly", "alice"), new Caller(null), default);
    }

    public void Dispose()
    {
        journal.Dispose();
        folder.Dispose();
    }
}

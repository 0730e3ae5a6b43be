using System.Net;
using Mintmark.Journal;
using Mintmark.Log;
using Mintmark.Releases;
using Mintmark.Server;
using Mintmark.Tests.Build;
using Mintmark.Tests.Journal;
using Xunit;

namespace Mintmark.Tests.Server;

/// <summary>Who wrote its commit is kept beside the log before the log says so.</summary>
public sealed class WhenAShipIsNotLogged : IDisposable
{
    private readonly JournalFolder folder = new();
    private readonly TestRepository repository = new();
    private readonly WatchedStorage storage;
    private readonly ReleaseJournal journal;
    private readonly Gateways gateways;
    private readonly Home home;
    private readonly Commands commands;
    private readonly Authors authors;

    public WhenAShipIsNotLogged()
    {
        home = new Home(Directory.CreateTempSubdirectory("mintmark-authors-").FullName);
        storage = new WatchedStorage(folder.Storage());
        journal = folder.Open(storage);
        var nowhere = new IPEndPoint(IPAddress.Loopback, 1);
        var options = new ControlPlaneOptions(home, new Addresses(nowhere, nowhere));
        gateways = new Gateways(options, journal, new Troubles(), TimeProvider.System);
        commands = new Commands(journal, gateways);
        authors = new Authors(options, journal, commands);
        foreach (var file in (string[])["config/bank.json", "limits.txt"])
            repository.Write(file, "1");
        repository.Write("mint.yaml", ManifestText.Good);
        repository.Commit("one");
    }

    private int Kept => Directory.Exists(home.Authors) ? Directory.GetFiles(home.Authors).Length : 0;

    public void Dispose()
    {
        gateways.Dispose();
        journal.Dispose();
        storage.Dispose();
        repository.Dispose();
        folder.Dispose();
        Directory.Delete(home.Root, recursive: true);
    }

    [Fact]
    public async Task NoNameIsLeftWhereTheLogHasNoRoom()
    {
        storage.BeforeAppend = _ =>
        {
            Assert.Equal(1, Kept);
            throw new LogStorageException("no space left");
        };

        await Assert.ThrowsAsync<LogStorageException>(() => ShipAsync("alice"));

        Assert.Equal(0, Kept);
        storage.BeforeAppend = _ => { };
        await ShipAsync("alice");
        Assert.Equal(1, Kept);
    }

    [Fact]
    public async Task NoNameIsKeptForWhoSpeaksInTheNameOfAnother()
    {
        var digest = PersonToken.Digest(PersonToken.New());
        await journal.SayAsync(new Command.AddPerson(new("dora"), [Role.Engineer], digest, [], "because"));

        await Assert.ThrowsAsync<NotAllowedException>(() => ShipAsync("dora"));

        Assert.Equal(0, Kept);
    }

    private Task ShipAsync(string by) =>
        CommandApi.ShipAsync(
            new ShipRequest(repository.Path, null, "because", by),
            new Caller(Person: null),
            commands,
            authors,
            CancellationToken.None
        );
}

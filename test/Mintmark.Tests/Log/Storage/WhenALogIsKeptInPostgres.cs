using System.Diagnostics;
using Mintmark.Log;
using Xunit;

namespace Mintmark.Tests.Log.Storage;

public sealed class WhenALogIsKeptInPostgres(SharedPostgres server) : StorageContract
{
    private readonly PostgresAddress address = server.NewDatabase();

    private string Database => address.Text[(address.Text.LastIndexOf('/') + 1)..];

    protected override ILogStorage Open() => PostgresStorage.TryLead(address)!;

    protected override ILogStorage OpenReadOnly() => PostgresStorage.OpenReadOnly(address);

    [Fact]
    public void OneLeadsAtATime()
    {
        using (var first = PostgresStorage.TryLead(address)!)
        {
            Assert.Null(PostgresStorage.TryLead(address));
            Assert.Null(PostgresStorage.TryLead(address));
            Assert.True(first.Leads());
        }

        using var second = PostgresStorage.TryLead(address)!;
        Assert.True(second.Leads());
    }

    [Fact]
    public void AnOvertakenLeaderWritesNothingMore()
    {
        using var stale = PostgresStorage.TryLead(address)!;
        using var log = MerkleLog.Open(stale, Folder.Key, LogFolder.Origin);
        log.Append(LogFolder.Bodies(0, 2));
        // As if its lock had gone without its noticing, and another had it.
        server.Ask(Database, "UPDATE mintmark_lead SET epoch = epoch + 1");

        Assert.False(stale.Leads());
        Assert.Throws<LogLeadLostException>(() => log.Append(LogFolder.Bodies(2, 2)));
        Assert.Throws<LogAmbiguousException>(() => log.Append(LogFolder.Bodies(2, 2)));
        using var reader = OpenReadOnly();
        Assert.Equal((2, 2, 1), (reader.Size, reader.Read(0).Count(), reader.Checkpoints().Count()));
    }

    [Fact]
    public void ALeaderThatIsCutOffIsFollowedWithinFiveSeconds()
    {
        using var first = PostgresStorage.TryLead(address)!;
        using var log = MerkleLog.Open(first, Folder.Key, LogFolder.Origin);
        log.Append(LogFolder.Bodies(0, 2));
        var began = Stopwatch.GetTimestamp();
        server.Ask(
            Database,
            "SELECT count(pg_terminate_backend(pid)) FROM pg_locks WHERE locktype = 'advisory' AND "
                + "database = (SELECT oid FROM pg_database WHERE datname = current_database())"
        );

        PostgresStorage? second;
        while ((second = PostgresStorage.TryLead(address)) is null)
            Assert.True(Stopwatch.GetElapsedTime(began) < TimeSpan.FromMinutes(3), "another leads");
        using (second)
        {
            using var next = MerkleLog.Open(second, Folder.Key, LogFolder.Origin);
            Assert.Equal(2, next.Append(LogFolder.Bodies(2, 1)));
            Assert.False(first.Leads());
            Assert.Throws<LogAmbiguousException>(() => log.Append(LogFolder.Bodies(2, 2)));
            Assert.Equal(3, next.Append(LogFolder.Bodies(3, 1)));
        }
    }

    [Fact]
    public void AnAlteredBodyIsFound()
    {
        Fill(3, 4);
        server.Ask(Database, "UPDATE mintmark_entry SET body = 'other' WHERE id = 4");

        using var storage = PostgresStorage.TryLead(address)!;
        var refusal = Assert.Throws<LogCorruptException>(() => MerkleLog.Open(storage, Folder.Key, LogFolder.Origin));
        Assert.Equal(4, refusal.Index);
    }

    [Fact]
    public void ALogOfANewerVersionIsRefused()
    {
        Fill(1);
        server.Ask(Database, "UPDATE mintmark_lead SET version = 2");

        Assert.Throws<LogCorruptException>(() => PostgresStorage.TryLead(address));
        Assert.Throws<LogCorruptException>(OpenReadOnly);
    }

    [Theory]
    [InlineData("postgres://")]
    [InlineData("postgres://host")]
    [InlineData("postgres://host/a/b")]
    [InlineData("mysql://host/a")]
    [InlineData("postgres://host/a?password=x")]
    [InlineData("postgres://host/a?sslmode=perhaps")]
    [InlineData("postgres://host:port/a")]
    public void AnAddressThatIsNoneIsRefused(string text) =>
        Assert.Throws<FormatException>(() => PostgresAddress.Parse(text));

    [Fact]
    public void AnAddressNeverShowsItsPassword()
    {
        var secret = PostgresAddress.Parse("postgres://mint:s%40cret@db.example:6432/log?sslmode=verify-full");

        Assert.True(secret.HasPassword);
        Assert.Equal("postgres://mint@db.example:6432/log", secret.Text);
        Assert.DoesNotContain("cret", secret.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void ADatabaseThatIsNotThereIsAClearFailure()
    {
        var nowhere = PostgresAddress.Parse("postgres://mint@127.0.0.1:1/log");

        var failure = Assert.Throws<LogStorageException>(() => PostgresStorage.TryLead(nowhere));
        Assert.Contains("postgres://mint@127.0.0.1:1/log", failure.Message, StringComparison.Ordinal);
    }
}

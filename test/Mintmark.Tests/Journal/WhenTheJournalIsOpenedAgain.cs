using System.Text.Json;
using System.Text.Json.Nodes;
using Mintmark.Journal;
using Mintmark.Log;
using Mintmark.Releases;
using Mintmark.Tests.Log;
using Xunit;
using static Mintmark.Tests.Journal.JournalFolder;

namespace Mintmark.Tests.Journal;

public sealed class WhenTheJournalIsOpenedAgain : IDisposable
{
    private readonly JournalFolder folder = new();

    private string SnapshotFile => folder.Log.In("snapshots/state.json");

    [Fact]
    public async Task TheStateIsTheSameWithASnapshotAndWithout()
    {
        var digest = await LiveAsync();

        Assert.NotNull(Believed());
        foreach (var snapshot in (Snapshot?[])[null, folder.Snapshot])
        {
            using var again = folder.Open(snapshot: snapshot);
            Assert.Equal(digest, again.Digest());
        }
    }

    [Fact]
    public async Task EntriesAfterTheSnapshotAreFoldedOnTopOfIt()
    {
        await LiveAsync();
        string digest;
        using (var journal = folder.Open(snapshot: folder.Snapshot))
        {
            await journal.SayAsync(new Command.Freeze(null, Why));
            digest = journal.Digest();
        }

        Assert.Equal(3, Believed()!.Size);
        using var again = folder.Open(snapshot: folder.Snapshot);
        Assert.Equal((4, digest), (again.State.Size, again.Digest()));
    }

    [Fact]
    public async Task ASnapshotOfAnotherLogIsNotBelieved()
    {
        await LiveAsync();
        using var other = new JournalFolder();
        using (var journal = other.Open(snapshot: other.Snapshot))
        {
            await journal.SayAsync(ShipOf("first"));
            await journal.SayAsync(ShipOf("second"));
            await journal.SayAsync(HaltAll("for another reason"));
            journal.SaveSnapshot();
        }
        File.Copy(other.Log.In("snapshots/state.json"), SnapshotFile, overwrite: true);

        Assert.Null(Believed());
    }

    [Fact]
    public async Task ASnapshotWithAFlippedByteIsNotBelieved()
    {
        var digest = await LiveAsync();
        var whole = await File.ReadAllBytesAsync(SnapshotFile);
        for (var at = 0; at < whole.Length; at += 13)
        {
            var flipped = (byte[])whole.Clone();
            flipped[at] ^= 0x04;
            await File.WriteAllBytesAsync(SnapshotFile, flipped);

            var state = Believed();
            Assert.True(state is null || EntryCodec.Digest(state) == digest, $"byte {at} of {whole.Length}");
        }
    }

    [Fact]
    public async Task ASnapshotThatIsCutShortIsNotBelieved()
    {
        await LiveAsync();
        var whole = await File.ReadAllBytesAsync(SnapshotFile);
        for (var length = 0; length < whole.Length; length += 13)
        {
            await File.WriteAllBytesAsync(SnapshotFile, whole[..length]);
            Assert.Null(Believed());
        }
        await File.WriteAllBytesAsync(SnapshotFile, [.. whole, (byte)' ']);
        Assert.Null(Believed());
    }

    [Fact]
    public async Task ASnapshotOfTheFutureIsNotBelieved()
    {
        await LiveAsync();
        var past = folder.Log.In("past.db");
        File.Copy(folder.Log.Database, past);
        using (var journal = folder.Open(snapshot: folder.Snapshot))
        {
            await journal.SayAsync(new Command.Freeze(null, Why));
            journal.SaveSnapshot();
        }

        using var storage = SqliteStorage.OpenReadOnly(past);
        Assert.Equal(4, Believed()!.Size);
        Assert.Null(folder.Snapshot.Load(storage, LogFolder.Origin));
    }

    [Fact]
    public async Task WhatIsNotBelievedIsMadeAnew()
    {
        var digest = await LiveAsync();
        await File.WriteAllTextAsync(SnapshotFile, "{}");
        using (var journal = folder.Open(snapshot: folder.Snapshot))
        {
            Assert.Equal((0, digest), (journal.SnapshotSize, journal.Digest()));
            journal.SaveSnapshot();
            Assert.Equal(3, journal.SnapshotSize);
        }

        Assert.Equal(digest, EntryCodec.Digest(Believed()!));
    }

    [Theory]
    [InlineData("build")]
    [InlineData("size")]
    [InlineData("root")]
    [InlineData("digest")]
    public async Task ASnapshotWithoutItsProofIsNotBelieved(string missing)
    {
        await LiveAsync();
        await ClaimAsync(claim => claim.Remove(missing));

        Assert.Null(Believed());
    }

    [Theory]
    [InlineData("build", "00000000-0000-0000-0000-000000000000")]
    [InlineData("size", 2)]
    [InlineData("root", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=")]
    [InlineData("digest", "sha256:00")]
    public async Task ASnapshotThatClaimsOtherwiseIsNotBelieved(string what, object value)
    {
        await LiveAsync();
        await ClaimAsync(claim => claim[what] = JsonSerializer.SerializeToNode(value));

        Assert.Null(Believed());
    }

    private async Task ClaimAsync(Action<JsonObject> change)
    {
        var lines = (await File.ReadAllTextAsync(SnapshotFile)).Split('\n');
        var claim = JsonNode.Parse(lines[0])!.AsObject();
        change(claim);
        await File.WriteAllTextAsync(SnapshotFile, $"{claim.ToJsonString()}\n{lines[1]}");
    }

    [Fact]
    public async Task ALogThatHoldsNonsenseIsRefusedByItsEntry()
    {
        await LiveAsync();
        using (var log = folder.Log.Open())
            log.Append([CanonicalJson.Canonicalize("""{"not":"an entry"}"""u8.ToArray())]);

        Assert.Equal(3, Assert.Throws<LogCorruptException>(() => folder.Open()).Index);
    }

    private State? Believed()
    {
        using var storage = folder.Storage();
        return folder.Snapshot.Load(storage, LogFolder.Origin);
    }

    /// <summary>Three entries and a snapshot after them.</summary>
    private async Task<string> LiveAsync()
    {
        using var journal = folder.Open(snapshot: folder.Snapshot);
        await journal.SayAsync(ShipOf("first"));
        await journal.SayAsync(ShipOf("second"));
        await journal.SayAsync(HaltAll());
        journal.SaveSnapshot();
        return journal.Digest();
    }

    public void Dispose() => folder.Dispose();
}

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

    [Theory]
    [InlineData("build")]
    [InlineData("root")]
    [InlineData("digest")]
    [InlineData("state")]
    public async Task ASnapshotWithoutItsProofIsNotBelieved(string missing)
    {
        await LiveAsync();
        var body = JsonNode.Parse(await File.ReadAllTextAsync(SnapshotFile))!.AsObject();
        body.Remove(missing);
        await File.WriteAllTextAsync(SnapshotFile, body.ToJsonString());

        Assert.Null(Believed());
    }

    [Fact]
    public async Task ASnapshotByAnotherBuildIsNotBelieved()
    {
        await LiveAsync();
        var body = JsonNode.Parse(await File.ReadAllTextAsync(SnapshotFile))!;
        body["build"] = "00000000-0000-0000-0000-000000000000";
        await File.WriteAllTextAsync(SnapshotFile, body.ToJsonString());

        Assert.Null(Believed());
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

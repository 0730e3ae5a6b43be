using Mintmark.Journal;
using Mintmark.Log;
using Mintmark.Releases;
using Mintmark.Server;

namespace Mintmark.Tests.Cli;

/// <summary>
/// Puts a story into a real log in the home folder of a test, in batches as a control plane writes them.
/// </summary>
static class LoggedHome
{
    private const int Batch = 7;

    /// <summary>A folder whose log tells of a release on its way.</summary>
    public static Mint OnTheRamp()
    {
        var mint = new Mint();
        Write(mint, Story.OnTheRamp());
        return mint;
    }

    public static void Write(Mint mint, Story story)
    {
        var home = new Home(mint.HomeFolder);
        using var key = LogKey.LoadOrCreate(home.LogKey);
        using var log = MerkleLog.Open(SqliteStorage.Open(home.LogFile), key, Home.LogOrigin);
        foreach (var entries in story.Entries.Chunk(Batch))
            log.Append([.. entries.Select(EntryCodec.Encode)]);
    }

    /// <summary>From the next entry on another key signs, and there is one.</summary>
    public static void RotateKey(Mint mint)
    {
        var home = new Home(mint.HomeFolder);
        var files = new LogKeyFile(home.LogKey);
        var storage = SqliteStorage.Open(home.LogFile);
        using var key = files.Open(storage, Home.LogOrigin, EntryCodec.HandoverOf);
        using var next = files.Next(storage.Checkpoint, Home.LogOrigin);
        using var log = MerkleLog.Open(storage, key, Home.LogOrigin);
        var (at, by) = (Story.Beginning, new Actor("alice"));
        log.Rotate(next, note => EntryCodec.Encode(new Entry(at, by, new Event.LogKeyRotated(note, "yearly"))));
        files.Take();
        log.Append([EntryCodec.Encode(new Entry(at, by, new Event.Frozen(null, "after it")))]);
    }

    /// <summary>What a control plane says that has come to a batch's end.</summary>
    public static StateAnswer After(Mint mint, Story story, int batches)
    {
        var home = new Home(mint.HomeFolder);
        var size = batches * Batch;
        var state = story.Entries.Take(size).Aggregate(State.Empty, Fold.Apply);
        using var storage = SqliteStorage.OpenReadOnly(home.LogFile);
        var note = storage.Checkpoints(size).First(c => c.Size == size).Checkpoint;
        var root = Convert.ToHexStringLower(Convert.FromBase64String(note.Split('\n')[2]));
        return new StateAnswer(size, root, EntryCodec.Digest(state));
    }
}

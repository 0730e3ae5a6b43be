using System.Text;
using Mintmark.Log;
using Xunit;

namespace Mintmark.Tests.Log;

public sealed class WhenTheKeyIsRotated : IDisposable
{
    const string Origin = LogFolder.Origin;

    readonly LogFolder folder = new();
    readonly LogKeyFile file;

    public WhenTheKeyIsRotated() => file = new LogKeyFile(folder.In("keys/key.pem"));

    [Fact]
    public void TheFirstKeyVerifiesWhatTheLaterOnesSign()
    {
        Rotated(3);
        using var first = LogVerifier.Parse(File.ReadAllText(file.PublicPath).TrimEnd('\n'));
        using var storage = SqliteStorage.OpenReadOnly(folder.Database);
        var report = LogVerification.Verify(storage, first, Handover);
        Assert.Empty(report.Findings);
        Assert.Equal(18, report.Entries);
        using var present = file.Open(storage, Origin, Handover);
        Assert.Equal(present.VerifierText(Origin), report.Keys);
        Assert.NotEqual(first.VerifierText, report.Keys);
        Assert.NotEmpty(LogVerification.Verify(storage, first).Findings);
    }

    [Fact]
    public void AnExportBringsTheFirstKeyAlong()
    {
        Rotated(2);
        var key = File.ReadAllText(file.PublicPath).TrimEnd('\n');
        using (var storage = SqliteStorage.OpenReadOnly(folder.Database))
            LogExport.Write(storage, key, folder.In("export"), Handover);
        Assert.Empty(LogExport.Verify(folder.In("export"), null, Handover).Findings);
        using var half = LogVerifier.Parse(key.Split('\n')[0]);
        Assert.Empty(LogExport.Verify(folder.In("export"), half, Handover).Findings);
        using var other = LogKey.Create();
        using var stranger = LogVerifier.Parse(other.VerifierText(Origin));
        Assert.NotEmpty(LogExport.Verify(folder.In("export"), stranger, Handover).Findings);
    }

    [Fact]
    public void TheFirstKeyFollowsTheHandoversToWhatAnyOfThemSigned()
    {
        // More than a verifier may name by itself.
        Rotated(10);
        using var first = LogVerifier.Parse(File.ReadAllText(file.PublicPath).TrimEnd('\n'));
        using var storage = SqliteStorage.OpenReadOnly(folder.Database);
        var handovers = KeyHandovers.Of(storage, Handover);
        using var all = KeyHandovers.Follow(first, handovers);
        foreach (var (size, note) in storage.Checkpoints())
            Assert.Equal(size, all.Open(note).Size);
        using var stranger = LogKey.Create();
        Assert.Throws<LogCorruptException>(() =>
            all.Open(stranger.SignCheckpoint(new Checkpoint(Origin, 1, Merkle.EmptyRoot)))
        );
        using var other = LogVerifier.Parse(stranger.VerifierText(Origin));
        Assert.Throws<LogCorruptException>(() => KeyHandovers.Follow(other, handovers));
        Assert.Throws<LogCorruptException>(() => KeyHandovers.Follow(first, handovers[..^9]));
        using var alone = KeyHandovers.Follow(first, "");
        Assert.Equal(first.VerifierText, alone.VerifierText);
    }

    [Fact]
    public void AHandoverThatAnotherKeySignedIsFound()
    {
        using var stranger = LogKey.Create();
        using var next = LogKey.Create();
        using (var key = Reopened())
        using (var log = MerkleLog.Open(SqliteStorage.Open(folder.Database), key, Origin))
            log.Append([Entry(KeyHandover.Sign(stranger, next, Origin))]);
        using var first = LogVerifier.Parse(File.ReadAllText(file.PublicPath).TrimEnd('\n'));
        using var storage = SqliteStorage.OpenReadOnly(folder.Database);
        var finding = Assert.Single(LogVerification.Verify(storage, first, Handover).Findings);
        Assert.Equal(0, finding.Index);
        Assert.StartsWith("its handover of the key does not hold: it is signed by ", finding.What, default);
    }

    [Fact]
    public void TheKeyBeforeSignsNoMore()
    {
        using var old = Reopened();
        using var next = file.Next(null, Origin);
        using (var log = MerkleLog.Open(SqliteStorage.Open(folder.Database), old, Origin))
            log.Rotate(next, Entry);
        var refusal = Assert.Throws<LogStorageException>(() => Opened(old));
        Assert.StartsWith(
            "the key here was handed over in entry 0 and signs no more: copy log/key.pem",
            refusal.Message
        );
        using (var log = Opened(next))
            log.Append(LogFolder.Bodies(1, 1));
        Assert.Throws<LogStorageException>(() => Opened(old));
    }

    [Fact]
    public void AKeyThatSignedOnAfterItsHandoverIsFound()
    {
        using var old = Reopened();
        using var next = file.Next(null, Origin);
        using (var log = MerkleLog.Open(SqliteStorage.Open(folder.Database), old, Origin))
            log.Rotate(next, Entry);
        using (var log = MerkleLog.Open(SqliteStorage.Open(folder.Database), old, Origin))
            log.Append(LogFolder.Bodies(1, 1));
        using var first = LogVerifier.Parse(old.VerifierText(Origin));
        using (var storage = SqliteStorage.OpenReadOnly(folder.Database))
            Assert.NotEmpty(LogVerification.Verify(storage, first, Handover).Findings);
        // Nor is its only file deleted because another's checkpoint is the latest.
        using var present = Reopened();
        Assert.Equal(next.VerifierText(Origin), present.VerifierText(Origin));
    }

    [Fact]
    public void FilesOfALogThatIsNotEmptyAreNotInvented()
    {
        Rotated(1);
        var (first, privateKey) = (File.ReadAllText(file.PublicPath), folder.In("keys/key.pem"));
        File.Delete(file.PublicPath);
        var refusal = Assert.Throws<LogStorageException>(() => Reopened());
        Assert.StartsWith(
            $"{file.PublicPath} is missing, and {privateKey} is not the log's first key",
            refusal.Message
        );
        File.WriteAllText(file.PublicPath, first);
        File.Delete(privateKey);
        refusal = Assert.Throws<LogStorageException>(() => Reopened());
        Assert.StartsWith($"{privateKey} is missing, and the log is not empty: restore it", refusal.Message);
        Assert.Equal([file.PublicPath], Directory.GetFiles(folder.In("keys")));
    }

    [Fact]
    public void TheFirstKeyMakesItsPublicFileAgain()
    {
        string text;
        using (var key = Reopened())
        using (var log = Opened(key))
        {
            log.Append(LogFolder.Bodies(0, 1));
            text = File.ReadAllText(file.PublicPath);
        }
        File.Delete(file.PublicPath);
        using var again = Reopened();
        Assert.Equal(text, File.ReadAllText(file.PublicPath));
    }

    [Fact]
    public void ACrashBeforeTheEntryForgetsTheNextKey()
    {
        string present;
        using (var key = Reopened())
        using (var log = MerkleLog.Open(SqliteStorage.Open(folder.Database), key, Origin))
        {
            present = key.VerifierText(Origin);
            log.Append(LogFolder.Bodies(0, 1));
            file.Next(log.SignedCheckpoint, Origin).Dispose();
        }
        using var again = Reopened();
        Assert.Equal(present, again.VerifierText(Origin));
        Assert.Equal(2, Directory.GetFiles(folder.In("keys")).Length);
    }

    [Fact]
    public void ACrashAfterTheEntryFindsTheNextKey()
    {
        string next;
        using (var key = Reopened())
        using (var log = MerkleLog.Open(SqliteStorage.Open(folder.Database), key, Origin))
        {
            using var coming = file.Next(log.SignedCheckpoint, Origin);
            next = coming.VerifierText(Origin);
            log.Rotate(coming, Entry);
        }
        using var again = Reopened();
        Assert.Equal(next, again.VerifierText(Origin));
        Assert.Equal(2, Directory.GetFiles(folder.In("keys")).Length);
        using var reopened = MerkleLog.Open(SqliteStorage.Open(folder.Database), again, Origin);
        Assert.Equal(1, reopened.Append(LogFolder.Bodies(1, 1)));
    }

    [Fact]
    public void AKeyThatSignsAndCouldNotBeTakenIsTakenBeforeTheNextOne()
    {
        string signing;
        using (var key = Reopened())
        using (var log = MerkleLog.Open(SqliteStorage.Open(folder.Database), key, Origin))
        {
            using var coming = file.Next(log.SignedCheckpoint, Origin);
            signing = coming.VerifierText(Origin);
            log.Rotate(coming, Entry);
            file.Next(log.SignedCheckpoint, Origin).Dispose();
        }
        using var again = Reopened();
        Assert.Equal(signing, again.VerifierText(Origin));
    }

    [Fact]
    public void AHandoverIsNoCheckpointAndACheckpointNoHandover()
    {
        using var next = LogKey.Create();
        using var verifier = folder.Verifier();
        Assert.Throws<LogCorruptException>(() => verifier.Open(KeyHandover.Sign(folder.Key, next, Origin)));
        var checkpoint = folder.Key.SignCheckpoint(new Checkpoint(Origin, 1, Merkle.EmptyRoot));
        Assert.Throws<FormatException>(() => KeyHandover.Open(verifier, checkpoint));
        var elsewhere = KeyHandover.Sign(folder.Key, next, "mintmark.test/other");
        Assert.Throws<FormatException>(() => KeyHandover.Open(verifier, elsewhere));
    }

    /// <summary>Six entries for each key, the last of which hands over.</summary>
    void Rotated(int times)
    {
        for (var i = 0; i < times; i++)
        {
            using var key = Reopened();
            using var log = MerkleLog.Open(SqliteStorage.Open(folder.Database), key, Origin);
            log.Append(LogFolder.Bodies(log.Size, 2));
            log.Append(LogFolder.Bodies(log.Size, 3));
            using var next = file.Next(log.SignedCheckpoint, Origin);
            log.Rotate(next, Entry);
            file.Take();
        }
    }

    LogKey Reopened()
    {
        using var storage = SqliteStorage.Open(folder.Database);
        return file.Open(storage, Origin, Handover);
    }

    MerkleLog Opened(LogKey key)
    {
        var storage = SqliteStorage.Open(folder.Database);
        try
        {
            return MerkleLog.Open(storage, key, Origin, Handover);
        }
        catch
        {
            storage.Dispose();
            throw;
        }
    }

    static byte[] Entry(string handover) => Encoding.UTF8.GetBytes("handover " + handover);

    static string? Handover(ReadOnlySpan<byte> body) =>
        body.StartsWith("handover "u8) ? Encoding.UTF8.GetString(body["handover ".Length..]) : null;

    public void Dispose() => folder.Dispose();
}

using System.Diagnostics;
using Mintmark.Log;
using Xunit;

namespace Mintmark.Tests.Log;

/// <summary>
/// Whatever others may have written: no parser ends in anything but its own exception, none hangs, and nothing is
/// accepted that says other than what was signed.
/// </summary>
public sealed class WhenInputIsHostile : IDisposable
{
    static readonly TimeSpan Each = TimeSpan.FromMilliseconds(500);

    /// <summary>No single input may take longer; a generous limit, as the machine may be busy.</summary>
    static readonly TimeSpan Longest = TimeSpan.FromMinutes(1);

    readonly LogFolder folder = new();
    readonly WitnessFolder witnesses;
    readonly LogVerifier verifier;
    readonly TreeNodes nodes = Trees.Nodes(Trees.Leaves(100));

    public WhenInputIsHostile()
    {
        witnesses = new WitnessFolder(folder);
        verifier = folder.Verifier();
    }

    [Fact]
    public void ANoteSaysWhatWasSignedOrNothing()
    {
        var checkpoint = new Checkpoint(LogFolder.Origin, 77, nodes.Root(77));
        Try(folder.Key.SignCheckpoint(checkpoint), note => Assert.Equal(checkpoint, verifier.Open(note)));
    }

    [Fact]
    public void ACheckpointIsItsOnlySpelling() =>
        Try(
            new Checkpoint(LogFolder.Origin, 77, nodes.Root(77)).ToText(),
            text => Assert.Equal(text, Checkpoint.Parse(text).ToText())
        );

    [Fact]
    public void AVerifierKeyIsItsOnlySpelling() =>
        Try(
            folder.VerifierText,
            text =>
            {
                using var parsed = LogVerifier.Parse(text);
                Assert.Equal(text, string.Join('\n', parsed.Keys.Select(key => key.Text)));
            }
        );

    [Fact]
    public void AProofProvesTheEntryOrNothing()
    {
        folder.Fill(60);
        using var storage = SqliteStorage.OpenReadOnly(folder.Database);
        var good = new LogReader(storage).Prove(17)!;
        Try(
            good.ToText(),
            text =>
            {
                var proof = InclusionProof.Parse(text);
                Assert.Equal(text, proof.ToText());
                proof.Open(verifier, Merkle.LeafHash(proof.Extra ?? []));
                Assert.Equal((17, 60), (proof.Index, Checkpoint.OfNote(proof.Note).Size));
                Assert.Equal(LogFolder.Body(17), proof.Extra);
            }
        );
    }

    [Fact]
    public void AWitnessCosignsNothingThatTheLogDidNotSign()
    {
        var note = folder.Key.SignCheckpoint(new Checkpoint(LogFolder.Origin, 60, nodes.Root(60)));
        var first = new WitnessRequest(
            0,
            [],
            folder.Key.SignCheckpoint(new Checkpoint(LogFolder.Origin, 40, nodes.Root(40)))
        );
        Assert.IsType<WitnessAnswer.Cosigned>(witnesses.Witness.Add(first.ToText()));
        var request = new WitnessRequest(40, nodes.Consistency(40, 60), note).ToText();
        Try(
            request,
            text =>
            {
                if (witnesses.Witness.Add(text) is not WitnessAnswer.Cosigned cosigned)
                    return;
                var asked = WitnessRequest.Parse(text);
                Assert.Equal(nodes.Root(60), Checkpoint.OfNote(asked.Note).Root);
                Assert.NotNull(
                    witnesses
                        .Verifier()
                        .CosignedAt(WitnessedCheckpoint.With(asked.Note, witnesses.Verifier(), cosigned.Signatures))
                );
            }
        );
    }

    [Fact]
    public void ACosignatureIsOverTheCheckpointOrNone()
    {
        var note = folder.Key.SignCheckpoint(new Checkpoint(LogFolder.Origin, 60, nodes.Root(60)));
        var answer = (WitnessAnswer.Cosigned)witnesses.Witness.Add(new WitnessRequest(0, [], note).ToText());
        Try(
            answer.Signatures,
            lines =>
            {
                var cosigned = WitnessedCheckpoint.With(note, witnesses.Verifier(), lines);
                Assert.Equal(WitnessFolder.Now, witnesses.Verifier().CosignedAt(cosigned));
            }
        );
    }

    [Fact]
    public void AnEntryBundleIsReadToItsEndAndNoFurther() =>
        Try(
            EntryBundle.Encode(LogFolder.Bodies(0, 60)),
            bytes =>
            {
                var (bodies, isWhole) = EntryBundle.Decode(bytes, 60);
                Assert.True(bodies.Count <= 60);
                Assert.Equal(isWhole, EntryBundle.Encode(bodies).AsSpan().SequenceEqual(bytes) && bodies.Count == 60);
            }
        );

    [Fact]
    public void ATilesNameIsItsOnlySpelling() =>
        Try(
            "x001/x234/067.p/12",
            path =>
            {
                if (TileName.Parse("3", path) is { } name)
                    Assert.Equal($"tile/3/{path}", Tile.PathOf("3", name.Number, name.Width));
            }
        );

    [Fact]
    public void ASliceHoldsOnlyAsItWasWritten()
    {
        folder.Fill(60);
        var slice = folder.In("slice");
        using (var storage = SqliteStorage.OpenReadOnly(folder.Database))
            LogSlice.Write(storage, folder.VerifierText, slice, (5, 25), i => i % 4 == 0, null);
        foreach (var file in Directory.GetFiles(slice))
        {
            var good = File.ReadAllBytes(file);
            Try(
                good,
                bytes =>
                {
                    File.WriteAllBytes(file, bytes);
                    var holds = LogSlice.Verify(slice, null).Holds;
                    // Half of the keys, or a checkpoint with one signature less, say nothing else.
                    if (holds && Path.GetFileName(file) is not ("key" or "checkpoint"))
                        Assert.Equal(good, bytes);
                },
                Each / 4
            );
            File.WriteAllBytes(file, good);
        }
    }

    void Try(string good, Action<string> use) =>
        Try(System.Text.Encoding.UTF8.GetBytes(good), bytes => use(System.Text.Encoding.UTF8.GetString(bytes)), Each);

    void Try(byte[] good, Action<byte[]> use) => Try(good, use, Each);

    void Try(byte[] good, Action<byte[]> use, TimeSpan time)
    {
        use(good);
        var all = Stopwatch.StartNew();
        for (var seed = 0; all.Elapsed < time; seed++)
        {
            var bad = new Mutations(seed).Of(good);
            var one = Stopwatch.StartNew();
            try
            {
                use(bad);
            }
            catch (Exception e) when (e is FormatException or LogCorruptException)
            {
                // The clear no that is asked for.
            }
            catch (Exception e)
            {
                Assert.Fail($"seed {seed}: {e}");
            }
            Assert.True(one.Elapsed < Longest, $"seed {seed} took {one.Elapsed}");
        }
    }

    public void Dispose()
    {
        verifier.Dispose();
        witnesses.Dispose();
        folder.Dispose();
    }
}

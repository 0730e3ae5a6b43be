using Mintmark.Log;
using Xunit;

namespace Mintmark.Tests.Log;

public sealed class WhenAWitnessIsAsked : IDisposable
{
    readonly LogFolder folder = new();
    readonly WitnessFolder witnesses;
    readonly TreeNodes nodes = Trees.Nodes(Trees.Leaves(100));

    public WhenAWitnessIsAsked() => witnesses = new WitnessFolder(folder);

    [Fact]
    public void ItCosignsATreeThatGrows()
    {
        var before = 0;
        foreach (var size in new[] { 1, 7, 7, 64, 100 })
        {
            var note = Note(nodes, size);
            var answer = Assert.IsType<WitnessAnswer.Cosigned>(Add(before, size, nodes));
            var cosigned = WitnessedCheckpoint.With(note, witnesses.Verifier(), answer.Signatures);
            Assert.Equal(WitnessFolder.Now, witnesses.Verifier().CosignedAt(cosigned));
            using var verifier = folder.Verifier();
            Assert.Equal(size, verifier.Open(cosigned).Size);
            before = size;
        }
    }

    [Fact]
    public void WhoDoesNotKnowWhatItSawIsTold()
    {
        Add(0, 40, nodes);
        Assert.Equal(new WitnessAnswer.Conflict(40), Add(0, 50, nodes));
        Assert.Equal(new WitnessAnswer.Conflict(40), Add(39, 50, nodes));
        Assert.Equal(new WitnessAnswer.Conflict(40), Add(0, 20, nodes));
        Assert.IsType<WitnessAnswer.Cosigned>(Add(40, 50, nodes));
    }

    [Fact]
    public void AForkIsRefusedAndKeptAsEvidence()
    {
        Add(0, 40, nodes);
        var leaves = Trees.Leaves(100);
        leaves[17] = Merkle.LeafHash("another story"u8);
        var fork = Trees.Nodes(leaves);
        Assert.IsType<WitnessAnswer.Inconsistent>(Add(40, 50, fork));
        Assert.IsType<WitnessAnswer.Inconsistent>(Add(40, 40, fork));
        using var verifier = folder.Verifier();
        var kept = Refused().Select(file => verifier.Open(WitnessRequest.Parse(File.ReadAllText(file)).Note).Root);
        Assert.Equal([fork.Root(40), fork.Root(50)], kept.OrderBy(root => root == fork.Root(50)));
        Assert.IsType<WitnessAnswer.Cosigned>(Add(40, 50, nodes));
    }

    [Fact]
    public void WhatItKeepsOfRefusalsIsBounded()
    {
        var note = Note(nodes, 5);
        var wrong = new WitnessRequest(0, [nodes.Root(1)], note);
        Add(wrong);
        Add(wrong with { Proof = [nodes.Root(2)] });
        Assert.Equal(wrong.ToText(), File.ReadAllText(Assert.Single(Refused())));
        for (var size = 6; size < 6 + Witness.MaxRefused; size++)
        {
            var another = folder.Key.SignCheckpoint(new Checkpoint(LogFolder.Origin, size, nodes.Root(1)));
            Assert.IsType<WitnessAnswer.Inconsistent>(Add(new WitnessRequest(0, [nodes.Root(1)], another)));
        }
        Assert.Equal(Witness.MaxRefused, Refused().Length);
        Assert.Contains(wrong.ToText(), Refused().Select(File.ReadAllText));
    }

    [Fact]
    public void ASignatureThatIsThereOftenIsKeptOnce()
    {
        var note = SignedNote.Parse(Note(nodes, 40));
        var often = note with { Signatures = [.. Enumerable.Repeat(note.Signatures[0], SignedNote.MaxSignatures)] };
        Assert.IsType<WitnessAnswer.Cosigned>(Add(new WitnessRequest(0, [], often.Encode())));
        witnesses.Crash();
        Assert.IsType<WitnessAnswer.Cosigned>(Add(40, 50, nodes));
        Assert.Equal(3, SignedNote.Parse(Latest()).Signatures.Count);
    }

    [Fact]
    public void WhatOthersSignedInTheLogsNameIsNotKept()
    {
        var note = SignedNote.Parse(Note(nodes, 40));
        var strangers = Enumerable.Range(0, 30).Select(i => note.Signatures[0] with { KeyId = (uint)i });
        Assert.IsType<WitnessAnswer.Cosigned>(Add(new WitnessRequest(0, [], note.With(strangers).Encode())));
        Assert.Equal(3, SignedNote.Parse(Latest()).Signatures.Count);
    }

    string[] Refused() => Directory.GetFiles(witnesses.Path, "*.refused");

    string Latest() => File.ReadAllText(Assert.Single(Directory.GetFiles(witnesses.Path, "*.checkpoint")));

    [Fact]
    public void AfterACrashItStillKnowsWhatItSigned()
    {
        Add(0, 40, nodes);
        witnesses.Crash();
        Assert.Equal(new WitnessAnswer.Conflict(40), Add(0, 50, nodes));
        var key = witnesses.Witness.VerifierText;
        witnesses.Crash();
        Assert.Equal(key, witnesses.Witness.VerifierText);
    }

    [Fact]
    public void ALogThatItDoesNotKnowIsToldSo()
    {
        var note = folder.Key.SignCheckpoint(new Checkpoint("mintmark.test/other", 1, nodes.Root(1)));
        Assert.IsType<WitnessAnswer.UnknownLog>(Add(new WitnessRequest(0, [], note)));
    }

    [Fact]
    public void ACheckpointThatTheLogDidNotSignIsRefused()
    {
        using var stranger = LogKey.Create();
        var note = stranger.SignCheckpoint(new Checkpoint(LogFolder.Origin, 1, nodes.Root(1)));
        Assert.IsType<WitnessAnswer.NotSigned>(Add(new WitnessRequest(0, [], note)));
        var good = SignedNote.Parse(Note(nodes, 1));
        var mixed = good.With([SignedNote.Parse(Note(nodes, 2)).Signatures[1]]).Encode();
        Assert.IsType<WitnessAnswer.NotSigned>(Add(new WitnessRequest(0, [], mixed)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("old 0\n")]
    [InlineData("old 00\n\n")]
    [InlineData("old -1\n\n")]
    [InlineData("new 0\n\n")]
    [InlineData("old 0\nAAAA\n\n")]
    [InlineData("old 9223372036854775808\n\n")]
    [InlineData("old 2\n\n")]
    public void WhatIsNoRequestIsMalformed(string head)
    {
        var body = head + (head.EndsWith("\n\n", StringComparison.Ordinal) ? Note(nodes, 1) : "");
        Assert.IsType<WitnessAnswer.Malformed>(witnesses.Witness.Add(body));
    }

    [Fact]
    public void TheProofMustBeTheRightOne()
    {
        Assert.IsType<WitnessAnswer.Inconsistent>(Add(new WitnessRequest(0, [nodes.Root(1)], Note(nodes, 5))));
        var emptyWithAnotherRoot = folder.Key.SignCheckpoint(new Checkpoint(LogFolder.Origin, 0, nodes.Root(1)));
        Assert.IsType<WitnessAnswer.Inconsistent>(Add(new WitnessRequest(0, [], emptyWithAnotherRoot)));
        Add(0, 5, nodes);
        Assert.IsType<WitnessAnswer.Inconsistent>(Add(new WitnessRequest(5, [], Note(nodes, 6))));
        var reversed = nodes.Consistency(5, 9).Reverse().ToList();
        Assert.IsType<WitnessAnswer.Inconsistent>(Add(new WitnessRequest(5, reversed, Note(nodes, 9))));
    }

    [Fact]
    public void ACosignatureIsOfItsTimeAndItsCheckpointAlone()
    {
        var answer = Assert.IsType<WitnessAnswer.Cosigned>(Add(0, 5, nodes));
        Assert.Throws<FormatException>(() =>
            WitnessedCheckpoint.With(Note(nodes, 6), witnesses.Verifier(), answer.Signatures)
        );
        using var others = new WitnessFolder(folder, "other.test");
        Assert.Throws<FormatException>(() =>
            WitnessedCheckpoint.With(Note(nodes, 5), others.Verifier(), answer.Signatures)
        );
        var line = NoteSignature.Parse(answer.Signatures.TrimEnd('\n'));
        for (var at = 0; at < line.Bytes.Length; at++)
        {
            var bytes = line.Bytes.ToArray();
            bytes[at] ^= 1;
            var altered = (line with { Bytes = bytes }).Encode();
            Assert.Throws<FormatException>(() =>
                WitnessedCheckpoint.With(Note(nodes, 5), witnesses.Verifier(), altered)
            );
        }
    }

    WitnessAnswer Add(int before, int size, TreeNodes tree) =>
        Add(new WitnessRequest(before, before <= size ? tree.Consistency(before, size) : [], Note(tree, size)));

    WitnessAnswer Add(WitnessRequest request) => witnesses.Witness.Add(request.ToText());

    string Note(TreeNodes tree, int size) =>
        folder.Key.SignCheckpoint(new Checkpoint(LogFolder.Origin, size, tree.Root(size)));

    public void Dispose()
    {
        witnesses.Dispose();
        folder.Dispose();
    }
}

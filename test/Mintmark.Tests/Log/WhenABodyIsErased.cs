using System.Text;
using Mintmark.Log;
using Xunit;

namespace Mintmark.Tests.Log;

public sealed class WhenABodyIsErased : IDisposable
{
    readonly LogFolder folder = new();
    readonly ErasableBodies bodies;

    public WhenABodyIsErased() => bodies = new ErasableBodies(folder.In("bodies"));

    [Fact]
    public void TheProofsOfTheLogStillHold()
    {
        var commitment = bodies.Keep("Ada Lovelace, born 1815"u8);
        using (var log = folder.Open())
            log.Append([Entry(commitment), LogFolder.Body(1)]);
        Assert.Equal("Ada Lovelace, born 1815"u8.ToArray(), bodies.Read(commitment));
        using var storage = SqliteStorage.OpenReadOnly(folder.Database);
        var before = new LogReader(storage).Prove(0)!.ToText();

        Assert.True(bodies.Erase(commitment));

        Assert.Null(bodies.Read(commitment));
        Assert.False(bodies.Erase(commitment));
        Assert.Empty(Directory.GetFiles(folder.In("bodies")));
        Assert.Empty(folder.Verify().Findings);
        using var verifier = folder.Verifier();
        Assert.Equal(before, new LogReader(storage).Prove(0)!.ToText());
        InclusionProof.Parse(before).Open(verifier, Merkle.LeafHash(Entry(commitment)));
    }

    [Fact]
    public void WhatNothingNamesIsErasedWithIt()
    {
        var named = bodies.Keep("named"u8);
        var dead = bodies.Keep("its entry was never logged"u8);
        File.WriteAllText(folder.In($"bodies/{new string('a', 64)}.17.tmp"), "half wri");
        File.WriteAllText(folder.In("bodies/README"), "not ours");

        bodies.EraseAllBut([named]);

        Assert.NotNull(bodies.Read(named));
        Assert.Null(bodies.Read(dead));
        Assert.Equivalent(
            new[] { named.FileName, "README" },
            Directory.GetFiles(folder.In("bodies")).Select(Path.GetFileName),
            strict: true
        );
        new ErasableBodies(folder.In("nowhere")).EraseAllBut([]);
    }

    [Fact]
    public void TheSameBodyTwiceLooksLikeTwo() => Assert.NotEqual(bodies.Keep("the same"u8), bodies.Keep("the same"u8));

    [Fact]
    public void WhoHasTheOpeningCanHoldItAgainstTheLog()
    {
        var commitment = bodies.Keep("a body"u8);
        var opening = bodies.Opening(commitment)!;
        Assert.Equal(commitment, Commitment.To(opening.AsSpan(0, 32), opening.AsSpan(32)));
        opening[40 - 5] ^= 1;
        Assert.NotEqual(commitment, Commitment.To(opening.AsSpan(0, 32), opening.AsSpan(32)));
        Assert.Throws<FormatException>(() => Commitment.To(opening.AsSpan(0, 31), opening));
    }

    [Fact]
    public void AnAlteredBodyIsNotGivenOut()
    {
        var commitment = bodies.Keep("a body"u8);
        var file = Assert.Single(Directory.GetFiles(folder.In("bodies")));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        var good = File.ReadAllBytes(file);
        for (var at = 0; at < good.Length; at++)
        {
            var bad = good.ToArray();
            bad[at] ^= 1;
            File.WriteAllBytes(file, bad);
            Assert.Throws<LogCorruptException>(() => bodies.Read(commitment));
        }
        File.WriteAllBytes(file, good[..20]);
        Assert.Throws<LogCorruptException>(() => bodies.Read(commitment));
    }

    [Fact]
    public void ACommitmentHasOneWayToBeWritten()
    {
        var commitment = bodies.Keep("a body"u8);
        Assert.Equal(commitment, Commitment.Parse($"{commitment}"));
        Assert.Throws<FormatException>(() => Commitment.Parse($"{commitment}".ToUpperInvariant()));
        Assert.Throws<FormatException>(() => Commitment.Parse($"{commitment}/.."));
        Assert.Throws<FormatException>(() => Commitment.Parse(""));
    }

    static byte[] Entry(Commitment commitment) => Encoding.UTF8.GetBytes($$"""{"customer":"{{commitment}}"}""");

    public void Dispose() => folder.Dispose();
}

using Mintmark.Log;
using Xunit;

namespace Mintmark.Tests.Log;

public sealed class WhenANoteIsSignedWithEd25519
{
    /// <summary>RFC 8032, section 7.1: secret key, public key, message, signature.</summary>
    [Theory]
    [InlineData(
        "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "",
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595b"
            + "be24655141438e7a100b"
    )]
    [InlineData(
        "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
        "af82",
        "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716e"
            + "d28dc027beceea1ec40a"
    )]
    public void TheSignatureIsThatOfTheStandard(string secret, string publicKey, string message, string signature)
    {
        using var key = new Ed25519.Private(Convert.FromHexString(secret));
        var text = Convert.FromHexString(message);
        Assert.Equal(publicKey, Convert.ToHexStringLower(key.PublicKey));
        Assert.Equal(signature, Convert.ToHexStringLower(key.Sign(text)));
        Assert.True(Ed25519.Verify(key.PublicKey, text, key.Sign(text)));
        Assert.False(Ed25519.Verify(key.PublicKey, [.. text, 0], key.Sign(text)));
        Assert.False(Ed25519.Verify(key.PublicKey, text, key.Sign(text).AsSpan(1)));
        Assert.False(Ed25519.Verify(key.PublicKey.AsSpan(1), text, key.Sign(text)));
    }

    /// <summary>The example of c2sp.org/signed-note.</summary>
    [Fact]
    public void TheNoteOfTheSpecificationHolds()
    {
        using var key = VerifierKey.Parse("example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k");
        var note = SignedNote.Parse(
            "This is an example message.\n\n— example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1E"
                + "RYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n"
        );
        var signature = Assert.Single(note.Signatures);
        Assert.True(key.Signed(signature));
        Assert.True(key.Accepts(note.Text, signature.Bytes));
        Assert.False(key.Accepts(note.Text + "more\n", signature.Bytes));
    }
}

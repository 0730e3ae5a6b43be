using System.Security.Cryptography;
using System.Text;
using Mintmark.Log;
using Xunit;

namespace Mintmark.Tests.Log;

public sealed class WhenACheckpointIsSigned : IDisposable
{
    static readonly Checkpoint Signed = new("mintmark.test/log", 42, Merkle.LeafHash("root"u8));

    readonly LogKey key = LogKey.Create();
    readonly LogVerifier verifier;
    readonly KeyChain keys;
    readonly string note;

    public WhenACheckpointIsSigned()
    {
        verifier = LogVerifier.Parse(key.VerifierText(Signed.Origin));
        keys = new KeyChain(verifier, null, null);
        note = key.SignCheckpoint(Signed);
    }

    [Fact]
    public void ItHasTheFormOfASignedNote()
    {
        var lines = note.Split('\n');
        Assert.Equal([Signed.Origin, "42", Signed.Root.ToBase64(), ""], lines[..4]);
        Assert.All(lines[4..^1], line => Assert.StartsWith($"— {Signed.Origin} ", line, StringComparison.Ordinal));
        Assert.Equal((7, ""), (lines.Length, lines[^1]));
    }

    [Fact]
    public void ItsKeyIsNamedByTheHashOfThePublicKey()
    {
        var fields = verifier.VerifierText.Split('\n')[0].Split('+', 3);
        var material = Convert.FromBase64String(fields[2]);
        var publicKey = material[1..];
        var id = SHA256.HashData(publicKey)[..4];

        Assert.Equal((Signed.Origin, 2), (fields[0], material[0]));
        Assert.Equal(Convert.ToHexStringLower(id), fields[1]);
        var signature = Convert.FromBase64String(note.Split('\n')[4].Split(' ')[^1]);
        Assert.Equal(id, signature[..4]);

        // What any other implementation would do with the note and the key.
        using var ecdsa = ECDsa.Create();
        ecdsa.ImportSubjectPublicKeyInfo(publicKey, out _);
        var text = Encoding.UTF8.GetBytes(note[..(note.IndexOf("\n\n", StringComparison.Ordinal) + 1)]);
        Assert.True(
            ecdsa.VerifyData(text, signature[4..], HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence)
        );
    }

    [Fact]
    public void TheKeyOfAWellKnownLogHasItsWellKnownId()
    {
        const string Rekor =
            "rekor.sigstore.dev+c0d23d6a+AjBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABNhtmPtrWm3U1eQXBogSMdGvXwBcK5AW5i0hrZLO"
            + "C96l+smGNM7nwZ4QvFK/4sueRoVj//QP22Ni4Qt9DPfkWLc=";
        using var rekor = LogVerifier.Parse(Rekor);
        Assert.Equal("rekor.sigstore.dev", rekor.Origin);
    }

    [Fact]
    public void ItOpensAsWhatWasSigned() => Assert.Equal(Signed, verifier.Open(note));

    [Fact]
    public void NoBitOfItCanBeAnother()
    {
        var bytes = Encoding.UTF8.GetBytes(note);
        for (var bit = 0; bit < bytes.Length * 8; bit++)
        {
            bytes[bit / 8] ^= (byte)(1 << bit % 8);
            Assert.Throws<LogCorruptException>(() => keys.Open(Encoding.UTF8.GetString(bytes)));
            bytes[bit / 8] ^= (byte)(1 << bit % 8);
        }
    }

    [Fact]
    public void NoByteOfItCanBeMissingOrThereTwice()
    {
        var oneSignature = note.TrimEnd('\n').LastIndexOf('\n') + 1;
        for (var at = 0; at < note.Length; at++)
        {
            Assert.Throws<LogCorruptException>(() => keys.Open(note.Remove(at, 1)));
            if (at != oneSignature)
                Assert.Throws<LogCorruptException>(() => keys.Open(note[..at]));
            Assert.Throws<LogCorruptException>(() => keys.Open(note.Insert(at, note.Substring(at, 1))));
        }
        Assert.Equal(Signed, keys.Open(note[..oneSignature]));
    }

    [Fact]
    public void EitherKeyOpensItAndAStrangersSignatureIsPassedOver()
    {
        foreach (var one in key.VerifierText(Signed.Origin).Split('\n'))
        {
            using var half = LogVerifier.Parse(one);
            Assert.Equal(Signed, half.Open(note));
        }
        using var stranger = LogKey.Create();
        var both = SignedNote.Parse(note).With(stranger.Sign(Signed.ToText(), "witness.test").Signatures).Encode();
        Assert.Equal(Signed, verifier.Open(both));
        Assert.Throws<LogCorruptException>(() => keys.Open(both));
    }

    [Fact]
    public void ASignatureByAKnownKeyThatDoesNotHoldCondemnsTheNote()
    {
        var other = SignedNote.Parse(key.SignCheckpoint(Signed with { Size = 43 }));
        for (var i = 0; i < 2; i++)
        {
            var mixed = SignedNote.Parse(note).With([other.Signatures[i]]).Encode();
            Assert.Throws<LogCorruptException>(() => verifier.Open(mixed));
        }
    }

    [Theory]
    [InlineData("mintmark.test/log\n042\n", "")]
    [InlineData("mintmark.test/log\n+42\n", "")]
    [InlineData("mintmark.test/log\n-1\n", "")]
    [InlineData("mintmark.test/log\n42 \n", "")]
    [InlineData("mintmark.test/log\n9223372036854775808\n", "")]
    [InlineData("\n42\n", "")]
    [InlineData("mintmark.test/log\n42\n", "extension\n")]
    public void ATextHasOneWayToBeWritten(string head, string tail) =>
        Assert.Throws<FormatException>(() => Checkpoint.Parse($"{head}{Signed.Root.ToBase64()}\n{tail}"));

    [Fact]
    public void Base64ThatIsNotCanonicalIsRefused()
    {
        var text = Signed.ToText();
        Assert.Equal(Signed, Checkpoint.Parse(text));

        // 32 bytes leave two bits of the last digit unused: four spellings of one root.
        var digit = text.IndexOf('=', StringComparison.Ordinal) - 1;
        const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
        var twin = Alphabet[Alphabet.IndexOf(text[digit], StringComparison.Ordinal) ^ 1];
        Assert.Throws<FormatException>(() => Checkpoint.Parse(text.Remove(digit, 1).Insert(digit, $"{twin}")));
        Assert.Throws<FormatException>(() => Checkpoint.Parse(text.Replace("=", "", StringComparison.Ordinal)));
        Assert.Throws<FormatException>(() => Checkpoint.Parse(text.Insert(digit, " ")));
    }

    [Fact]
    public void NoBitOfTheVerifierKeyButItsNameCanBeAnother()
    {
        var bytes = Encoding.UTF8.GetBytes(verifier.VerifierText);
        for (var bit = 0; bit < bytes.Length * 8; bit++)
        {
            bytes[bit / 8] ^= (byte)(1 << bit % 8);
            var text = Encoding.UTF8.GetString(bytes);
            bytes[bit / 8] ^= (byte)(1 << bit % 8);
            Assert.False(Opens(text), $"bit {bit} of the verifier key");
        }

        bool Opens(string text)
        {
            try
            {
                using var altered = LogVerifier.Parse(text);
                using var chain = new KeyChain(altered, null, null);
                return chain.Open(note) == Signed;
            }
            catch (Exception e) when (e is FormatException or LogCorruptException)
            {
                return false;
            }
        }
    }

    [Theory]
    [InlineData("two words")]
    [InlineData("a+b")]
    [InlineData("line\nbreak")]
    [InlineData("")]
    public void AnOriginThatBreaksTheFormatIsRefused(string origin)
    {
        Assert.Throws<FormatException>(() => key.VerifierText(origin));
        Assert.Throws<FormatException>(() => key.SignCheckpoint(Signed with { Origin = origin }));
    }

    public void Dispose()
    {
        keys.Dispose();
        verifier.Dispose();
        key.Dispose();
    }
}

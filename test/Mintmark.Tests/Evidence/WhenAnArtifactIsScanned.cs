using System.Text;
using Mintmark.Evidence;
using Mintmark.Releases;
using Xunit;

namespace Mintmark.Tests.Evidence;

public sealed class WhenAnArtifactIsScanned
{
    // Put together here, so that nobody who scans this repository finds what is made up.
    private const string Card = "4539" + "5787" + "6362" + "1486";
    private const string Body = "MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7VJTUt9Us8cKj";
    private const string Pem = "-----BEGIN" + " PRIVATE KEY-----\n" + Body + "\n-----END";
    private const string Cloud = "AKIA" + "IOSFODNN7EXAMPLQ";
    private const string Hub = "ghp_" + "aB3dE5fG7hI9jK1lM3nO5pQ7rS9tU1vW3xY5";

    [Theory]
    [InlineData("a.pem", Pem, "private-key in a.pem:1")]
    [InlineData(
        "a.json",
        "{\n\"key\": \"-----BEGIN" + " RSA PRIVATE KEY-----\\n" + Body + "\"}",
        "private-key in a.json:2"
    )]
    [InlineData("a.cs", "x\ny\nvar key = \"" + Cloud + "\";", "cloud-key in a.cs:3")]
    [InlineData("a.txt", Hub, "token in a.txt:1")]
    [InlineData("a.csv", "id,pan\n1," + Card + "\n", "card-number in a.csv:2")]
    [InlineData("a.txt", "4539 5787 6362 1486", "card-number in a.txt:1")]
    [InlineData("a.txt", "3782-822463-10005", "card-number in a.txt:1")]
    [InlineData("a.env", "DB_PASSWORD=hunter22!", "password in a.env:1")]
    [InlineData("a.yaml", "db:\n  password: \"s3cret-word\"", "password in a.yaml:2")]
    [InlineData("a.json", "{ \"apiKey\": \"q8Zr1Xw7Lk3Vb9Nt5Ym2Hd6Fc\" }", "random-key in a.json:1")]
    public void ASecretIsFoundByItsPlaceAndKindAndNeverShown(string file, string text, string found)
    {
        var summary = Scanned(file, text);

        Assert.Equal([found], summary.Open);
        Assert.Equal(1, summary.Findings);
    }

    [Theory]
    // The heading alone, as in a program that reads keys; a certificate; a number that Luhn's check does not fit.
    [InlineData("a.js", "if (line === \"-----BEGIN" + " PRIVATE KEY-----\") { read(); }")]
    [InlineData("a.pem", "-----BEGIN CERTIFICATE-----\n" + Body + "\n")]
    [InlineData("a.txt", "4539578763621487")]
    [InlineData("a.txt", "0." + Card)]
    [InlineData("a.txt", "a" + Card)]
    [InlineData("a.txt", Card + "1")]
    [InlineData("a.txt", "45395787 63621486")]
    [InlineData("a.txt", "4444444444444444")]
    [InlineData("a.txt", "XAKIA" + "IOSFODNN7EXAMPLQ")]
    [InlineData("a.txt", "AKIA" + "IOSFODNN7EXAMPLQTOOLONG")]
    [InlineData("a.yaml", "password: ${DB_PASSWORD}")]
    [InlineData("a.yaml", "password: changeme")]
    [InlineData("a.json", "{ \"token\": \"cancellation-token-source\" }")]
    [InlineData("node_modules/x/a.json", "{ \"password\": \"s3cret-word\" }")]
    [InlineData("a.cs", "var password = \"s3cret-word\";")]
    public void WhatOnlyLooksLikeOneIsLeftAlone(string file, string text) => Assert.Empty(Scanned(file, text).Open);

    [Fact]
    public void ALiteralOfAProgramIsReadThroughItsZeros()
    {
        byte[] program = [0x4d, 0x5a, 0, 0, .. Encoding.Unicode.GetBytes(Cloud), 0, 0, 7];

        Assert.Equal(["cloud-key in a.dll"], Scanned("a.dll", program).Open);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(7)]
    [InlineData(16)]
    public void WhatLiesAcrossTwoPiecesIsFoundOnce(int before)
    {
        const int piece = 256 * 1024;
        var text = new string('\n', piece - before) + Card + "\n" + new string('x', piece);

        Assert.Equal([$"card-number in a.txt:{piece - before + 1}"], Scanned("a.txt", text).Open);
    }

    [Fact]
    public void WhatEndsWithThePieceAndTheFileIsFound() =>
        Assert.Equal(
            ["card-number in a.txt:1"],
            Scanned("a.txt", new string(' ', (256 * 1024) - Card.Length) + Card).Open
        );

    [Fact]
    public void WhatTheManifestAllowsIsNamedWithItsReason()
    {
        AllowedSecret[] allow = [new("test/*.csv", "card-number", "a scheme's own test number")];
        var scan = new SecretScan();
        scan.Read("test/cards.csv", new MemoryStream(Encoding.UTF8.GetBytes(Card)));
        scan.Read("live/cards.csv", new MemoryStream(Encoding.UTF8.GetBytes(Card)));
        scan.Read("test/key.csv", new MemoryStream(Encoding.UTF8.GetBytes(Pem)));

        var summary = scan.Summary(allow);

        Assert.Equal(["card-number in test/cards.csv (a scheme's own test number)"], summary.Allowed);
        Assert.Equal(["card-number in live/cards.csv:1", "private-key in test/key.csv:1"], summary.Open);
    }

    [Fact]
    public void OfManyTheFirstAreNamedAndAllAreCounted()
    {
        var summary = Scanned("a.txt", string.Concat(Enumerable.Repeat(Card + "\n", 50)));

        Assert.Equal(50, summary.Findings);
        Assert.Equal(SecretsSummary.MostNamed, summary.Open.Count);
    }

    [Fact]
    public void WhatABuildLeavesAndItsConfigurationAreRead()
    {
        var folder = Directory.CreateTempSubdirectory("mintmark-test-").FullName;
        var file = Path.Combine(folder, "x.txt");
        File.WriteAllText(file, Card);
        BuiltFile[] built = [new("$OUT/a.txt", file, 16), new("config/b.json", file, 16), new("test/c.txt", file, 16)];

        var summary = SecretScan.Of(built, Watch.Story.Declared with { Configuration = ["config/b.json"] });

        Assert.Equal(["card-number in a.txt:1", "card-number in config/b.json:1"], summary.Open);
        Assert.Equal((2, 32L), (summary.Files, summary.Bytes));
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public void AnArchiveIsNamedAsNotUnpacked() => Assert.Equal(["lib.zip"], FromDisk("lib.zip").Unread);

    private static SecretsSummary FromDisk(string name)
    {
        var path = Path.GetTempFileName();
        var scan = new SecretScan();
        scan.Read(name, path);
        File.Delete(path);
        return scan.Summary([]);
    }

    private static SecretsSummary Scanned(string file, string text) => Scanned(file, Encoding.UTF8.GetBytes(text));

    private static SecretsSummary Scanned(string file, byte[] content)
    {
        var scan = new SecretScan();
        scan.Read(file, new MemoryStream(content));
        return scan.Summary([]);
    }
}

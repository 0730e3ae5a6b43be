using System.Security.Cryptography;
using Mintmark.Log;
using Xunit;

namespace Mintmark.Tests.Log;

public sealed class WhenAKeyIsLoaded : IDisposable
{
    readonly LogFolder folder = new();

    string KeyFile => folder.In("log.key");

    [Fact]
    public void ItIsTheOneThatWasMade()
    {
        using var again = LogKey.LoadOrCreate(KeyFile);
        Assert.Equal(folder.VerifierText, again.VerifierText(LogFolder.Origin));
        Assert.Equal([KeyFile], Directory.GetFiles(folder.Path));
    }

    [Fact]
    public void OneThatOthersCanReadIsRefused()
    {
        File.SetUnixFileMode(KeyFile, UnixFileMode.UserRead | UnixFileMode.GroupRead);
        var refusal = Assert.Throws<LogStorageException>(() => LogKey.LoadOrCreate(KeyFile));
        Assert.Contains("chmod 600", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void OneThatIsCutOffIsRefusedAndKept()
    {
        var cut = File.ReadAllText(KeyFile)[..80];
        File.WriteAllText(KeyFile, cut);

        var refusal = Assert.Throws<LogCorruptException>(() => LogKey.LoadOrCreate(KeyFile));
        Assert.Contains(KeyFile, refusal.Message, StringComparison.Ordinal);
        Assert.Equal(cut, File.ReadAllText(KeyFile));
    }

    [Fact]
    public void OneOnAnotherCurveIsRefused()
    {
        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP384);
        File.WriteAllText(KeyFile, other.ExportPkcs8PrivateKeyPem());
        Assert.Throws<LogCorruptException>(() => LogKey.LoadOrCreate(KeyFile));
    }

    [Fact]
    public void AFolderThatCannotBeMadeIsAClearFailure()
    {
        var below = Path.Combine(KeyFile, "log.key");
        var failure = Assert.Throws<LogStorageException>(() => LogKey.LoadOrCreate(below));
        Assert.Contains(below, failure.Message, StringComparison.Ordinal);
    }

    public void Dispose() => folder.Dispose();
}

using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Mintmark.Gateway;
using Mintmark.Gateway.Tls;
using Xunit;

namespace Mintmark.Tests.Gateway;

/// <summary>A folder of certificates, each with names of its own.</summary>
public sealed class WhenCertificatesAreChosenByName : IDisposable
{
    static readonly IPEndPoint AnyPort = new(IPAddress.Loopback, 0);

    readonly string folder = Directory.CreateTempSubdirectory("mintmark-names-").FullName;

    public WhenCertificatesAreChosenByName()
    {
        Add("bank", "bank.example", "www.bank.example");
        Add("any", "*.pay.example");
        Add("exact", "a.pay.example");
    }

    [Fact]
    public async Task EachNameSeesItsOwnAndAnUnknownOneTheOneForOthers()
    {
        Add("default", "gateway.example");
        await using var rig = await StartAsync();
        var expected = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["bank.example"] = "bank",
            ["WWW.Bank.example"] = "bank",
            ["b.pay.example"] = "any",
            ["a.pay.example"] = "exact",
            ["pay.example"] = "default",
            ["a.b.pay.example"] = "default",
            ["elsewhere.example"] = "default",
            ["127.0.0.1"] = "default",
        };

        foreach (var (name, file) in expected)
            Assert.Equal((name, file), (name, await SeenAsync(rig, name)));
    }

    [Fact]
    public async Task WithoutOneForOthersAnUnknownNameIsRefusedAndCounted()
    {
        await using var rig = await StartAsync();

        Assert.Equal("bank", await SeenAsync(rig, "bank.example"));
        await Assert.ThrowsAnyAsync<Exception>(() => SeenAsync(rig, "elsewhere.example"));
        await Assert.ThrowsAnyAsync<Exception>(() => SeenAsync(rig, "127.0.0.1"));

        var condition = await rig.ConditionAsync(c => c.TurnedAway.Reasons.GetValueOrDefault("handshake") == 2);
        Assert.Equal("127.0.0.1", condition.TurnedAway.Clients.Single().From);
    }

    [Fact]
    public async Task ANewFileIsSeenByTheNextConnection()
    {
        Add("default", "gateway.example");
        await using var rig = await StartAsync();

        Add("cards", "cards.example");

        using var late = new CancellationTokenSource(Rig.Late);
        while (await SeenAsync(rig, "cards.example") != "cards")
            late.Token.ThrowIfCancellationRequested();
        Assert.Equal("bank", await SeenAsync(rig, "bank.example"));
    }

    [Fact]
    public void OneThatIsNoGoodKeepsTheOthersFromNothing()
    {
        var said = new List<string>();
        var files = Certificates.Of(new(folder, folder), said.Add, TimeProvider.System);
        files.Open();
        var before = (Bank: files.Current.For("bank.example"), Any: files.Current.For("x.pay.example"));
        Assert.Empty(said);

        File.WriteAllText(Path.Combine(folder, "bank.pem"), "none");
        Add("any", "*.pay.example");
        Add("ended", daysLeft: -1, "ended.example");
        File.CreateSymbolicLink(Path.Combine(folder, "gone.pem"), Path.Combine(folder, "nowhere"));
        File.WriteAllBytes(Path.Combine(folder, "long.pem"), new byte[(1 << 20) + 1]);
        files.Look();
        files.Look();

        Assert.Contains("bank.pem: ", Assert.Single(said), StringComparison.Ordinal);
        Assert.Contains("ended.pem: it ended on ", said[0], StringComparison.Ordinal);
        Assert.Contains("gone.pem: ", said[0], StringComparison.Ordinal);
        Assert.Contains("is longer than 1 MB", said[0], StringComparison.Ordinal);
        Assert.Same(before.Bank, files.Current.For("bank.example"));
        Assert.NotSame(before.Any, files.Current.For("x.pay.example"));
        Assert.Null(files.Current.For("ended.example"));
    }

    [Fact]
    public void NorDoesOneThatCannotBeReadAtAStart()
    {
        File.CreateSymbolicLink(Path.Combine(folder, "any.key"), Path.Combine(folder, "nowhere"));
        var files = Certificates.Of(new(folder, folder), _ => { }, TimeProvider.System);

        files.Open();

        Assert.NotNull(files.Current.For("bank.example"));
        Assert.Null(files.Current.For("x.pay.example"));
    }

    [Fact]
    public void OfTwoForANameTheOneThatLastsLonger()
    {
        Add("old", daysLeft: 2, "bank.example");
        Add("renewed", daysLeft: 90, "bank.example");
        var files = Certificates.Of(new(folder, folder), _ => { }, TimeProvider.System);
        files.Open();

        Assert.Equal("CN=renewed", files.Current.For("bank.example")!.TargetCertificate.Subject);
    }

    [Theory]
    [InlineData(false, "no file there ends in .pem")]
    [InlineData(true, "--key goes with a file")]
    public void AFolderWithoutAnyOrWithAKeyBesideDoesNotStart(bool withKey, string why)
    {
        foreach (var file in withKey ? [] : Directory.GetFiles(folder))
            File.Delete(file);
        var paths = new CertificatePaths(folder, withKey ? Path.Combine(folder, "bank.key") : folder);

        var wrong = Assert.Throws<CannotStartException>(Certificates.Of(paths, _ => { }, TimeProvider.System).Open);

        Assert.Contains(why, wrong.Message, StringComparison.Ordinal);
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    void Add(string file, params string[] names) => Add(file, daysLeft: 30, names);

    /// <summary>Its key is in the same file, or beside it.</summary>
    void Add(string file, int daysLeft, params string[] names)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={file}", key, HashAlgorithmName.SHA256);
        var alternative = new SubjectAlternativeNameBuilder();
        Array.ForEach(names, alternative.AddDnsName);
        request.CertificateExtensions.Add(alternative.Build());
        var now = DateTimeOffset.UtcNow;
        using var certificate = request.CreateSelfSigned(now.AddDays(-60), now.AddDays(daysLeft));
        var (pem, secret) = (certificate.ExportCertificatePem(), key.ExportPkcs8PrivateKeyPem());
        if (file == "bank")
        {
            File.WriteAllText(Path.Combine(folder, $"{file}.key"), secret);
            File.WriteAllText(Path.Combine(folder, $"{file}.pem"), pem);
            return;
        }
        File.WriteAllText(Path.Combine(folder, $"{file}.pem"), $"{pem}\n{secret}\n");
    }

    Task<Rig> StartAsync() => Rig.StartAsync(with: o => o with { Tls = AnyPort, Certificate = new(folder, folder) });

    static async Task<string> SeenAsync(Rig rig, string name)
    {
        using var connection = new TcpClient();
        await connection.ConnectAsync(rig.Addresses[1]);
        await using var stream = new SslStream(connection.GetStream());
        var options = new SslClientAuthenticationOptions
        {
            TargetHost = name,
            EnabledSslProtocols = SslProtocols.None,
            RemoteCertificateValidationCallback = (_, shown, _, _) => shown is not null,
        };
        await stream.AuthenticateAsClientAsync(options);
        return stream.RemoteCertificate!.Subject["CN=".Length..];
    }
}

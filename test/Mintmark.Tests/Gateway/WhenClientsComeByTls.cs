using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Http;
using Mintmark.Gateway;
using Mintmark.Gateway.Tls;
using Mintmark.Releases;
using Xunit;

namespace Mintmark.Tests.Gateway;

public sealed class WhenClientsComeByTls
{
    const byte Alert = 21;
    const byte Handshake = 22;

    static readonly IPEndPoint AnyPort = new(IPAddress.Loopback, 0);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task TheyAreServedByWhatTheyAndTheGatewayAgreeOn(int version)
    {
        using var certified = new Certified();
        await using var instance = await Instance.StartAsync(context =>
            context.Response.WriteAsync(
                $"{context.Request.Protocol} {context.Request.Headers["X-Forwarded-Proto"]} {context.Request.Path}"
            )
        );
        await using var rig = await StartAsync(certified);
        await rig.PutAsync(Rig.Alone(instance));
        using var client = Client(rig.Addresses[1]);

        using var request = new HttpRequestMessage(HttpMethod.Get, "https://bank.localhost/accounts/7")
        {
            Version = new Version(version, version == 1 ? 1 : 0),
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        using var answer = await client.SendAsync(request);

        Assert.Equal("HTTP/1.1 https /accounts/7", await answer.Content.ReadAsStringAsync());
        Assert.Equal(request.Version, answer.Version);
        Assert.Equal("bank-1", answer.Headers.GetValues("Mint-Mark").Single());
    }

    [Fact]
    public async Task ACallOfGrpcGetsItsAnswerAndItsTrailers()
    {
        using var certified = new Certified();
        await using var instance = await GrpcEcho.StartAsync(("grpc-status", "0"), ("balance", "7"));
        await using var rig = await StartAsync(certified);
        var alone = Rig.Alone(instance);
        await rig.PutAsync(alone with { Baseline = alone.Baseline! with { Protocol = Protocol.H2c } });
        using var channel = GrpcEcho.Channel(rig, "https");

        using var call = channel.CreateCallInvoker().AsyncUnaryCall(GrpcEcho.Unary, null, default, [1, 2, 3]);

        Assert.Equal([1, 2, 3], await call);
        Assert.Equal("7", call.GetTrailers().GetValue("balance"));
    }

    [Fact]
    public async Task TheCookieOfAComparisonIsForTlsOnly()
    {
        using var certified = new Certified();
        await using var instance = await Instance.SayingAsync("hello");
        await using var rig = await StartAsync(certified);
        await rig.PutAsync(Rig.Bank(instance, instance));
        using var client = Client(rig.Addresses[1]);

        using var answer = await client.GetAsync("https://bank.localhost/");
        using var plain = await rig.Client.GetAsync("");

        Assert.Contains("; secure;", answer.Headers.GetValues("Set-Cookie").Single(), StringComparison.Ordinal);
        Assert.DoesNotContain("secure", plain.Headers.GetValues("Set-Cookie").Single(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ANewCertificateIsSeenByTheNextConnection()
    {
        using var certified = new Certified();
        await using var rig = await StartAsync(certified);

        var renewed = certified.Renew();

        using var late = new CancellationTokenSource(Rig.Late);
        while (await ThumbprintAsync(rig.Addresses[1], late.Token) != renewed)
            late.Token.ThrowIfCancellationRequested();
    }

    [Fact]
    public void OneThatIsNoGoodIsSaidOnceAndTheOneBeforeGoesOn()
    {
        using var certified = new Certified();
        var said = new List<string>();
        var files = Certificates.Of(certified.Paths, said.Add, TimeProvider.System);
        files.Open();
        var first = files.Current;
        var good = File.ReadAllText(certified.Paths.Key);

        File.WriteAllText(certified.Paths.Key, good[..^60]);
        files.Look();
        files.Look();
        File.Delete(certified.Paths.Key);
        files.Look();
        certified.Renew(daysLeft: -1);
        files.Look();

        Assert.Same(first, files.Current);
        Assert.Equal(3, said.Count);
        Assert.All(said, s => Assert.Contains("what was there before goes on", s, StringComparison.Ordinal));
        Assert.Contains("it ended on", said[2], StringComparison.Ordinal);
        certified.Renew();
        files.Look();
        Assert.NotSame(first, files.Current);
        Assert.Equal(3, said.Count);
    }

    [Fact]
    public async Task AGatewayWithoutItsCertificateDoesNotStart()
    {
        using var certified = new Certified();
        File.WriteAllText(certified.Paths.Certificate, "none");

        var wrong = await Assert.ThrowsAsync<CannotStartException>(() => StartAsync(certified));

        Assert.Contains(certified.Paths.Certificate, wrong.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WhoSpeaksPlainHttpThereIsNotServed()
    {
        using var certified = new Certified();
        await using var rig = await StartAsync(certified);
        using var connection = new TcpClient();
        await connection.ConnectAsync(rig.Addresses[1]);
        await connection.GetStream().WriteAsync("GET / HTTP/1.1\r\nHost: bank.localhost\r\n\r\n"u8.ToArray());

        Assert.DoesNotContain("HTTP/1.1", await RawClient.ReadAsync(connection.GetStream()), StringComparison.Ordinal);
    }

    /// <summary>Where the machine's OpenSSL is set to refuse them, too, this does not show who did.</summary>
    /// <param name="minor">Of the highest version that the client speaks, as TLS counts them.</param>
    [Theory]
    [InlineData(1, Alert)]
    [InlineData(2, Alert)]
    [InlineData(3, Handshake)]
    public async Task NothingOlderThan12IsSpoken(byte minor, byte answer)
    {
        using var certified = new Certified();
        await using var rig = await StartAsync(certified);
        using var connection = new TcpClient();
        await connection.ConnectAsync(rig.Addresses[1]);
        await connection.GetStream().WriteAsync(Hello(minor));

        var kind = new byte[1];
        await connection.GetStream().ReadExactlyAsync(kind);

        Assert.Equal(answer, kind[0]);
    }

    [Theory]
    [InlineData("--tls", "0.0.0.0:443")]
    [InlineData("--certificate", "a.pem")]
    [InlineData("--key", "a.pem")]
    public void TlsWantsACertificateAndACertificateTls(string option, string value)
    {
        var wrong = Assert.Throws<FormatException>(() => GatewayOptions.Parse(["--home", "/x", option, value]));

        Assert.Contains("--tls and --certificate go together", wrong.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void WithTlsItListensBeyondThisMachine()
    {
        var options = GatewayOptions.Parse(["--home", "/x", "--tls", "0.0.0.0:443", "--certificate", "/a.pem"]);

        Assert.Equal(new IPEndPoint(IPAddress.Any, 443), options.Tls);
        Assert.Equal(new CertificatePaths("/a.pem", "/a.pem"), options.Certificate);
    }

    /// <summary>RFC 5246, section 7.4.1.2: with elliptic curves, and with ciphers of before and since 1.2.</summary>
    static byte[] Hello(byte minor)
    {
        byte[] ciphers = [0xc0, 0x2b, 0xc0, 0x2f, 0xc0, 0x09, 0xc0, 0x13];
        byte[] curves = [0, 10, 0, 4, 0, 2, 0, 23];
        byte[] points = [0, 11, 0, 2, 1, 0];
        byte[] signatures = [0, 13, 0, 8, 0, 6, 4, 3, 8, 4, 4, 1];
        byte[] extensions = [.. curves, .. points, .. signatures];
        byte[] asks = [0, 0, (byte)ciphers.Length, .. ciphers, 1, 0, 0, (byte)extensions.Length, .. extensions];
        byte[] hello = [3, minor, .. new byte[32], .. asks];
        return [Handshake, 3, 1, 0, (byte)(hello.Length + 4), 1, 0, 0, (byte)hello.Length, .. hello];
    }

    static Task<Rig> StartAsync(Certified certified) =>
        Rig.StartAsync(with: o => o with { Tls = AnyPort, Certificate = certified.Paths });

    static HttpClient Client(IPEndPoint address) =>
        new(
            new SocketsHttpHandler
            {
                UseCookies = false,
                UseProxy = false,
                SslOptions = new()
                {
                    RemoteCertificateValidationCallback = (_, shown, _, _) => Certified.IsOurs(shown),
                },
                ConnectCallback = async (_, ct) =>
                {
                    var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
                    await socket.ConnectAsync(address, ct);
                    return new NetworkStream(socket, ownsSocket: true);
                },
            }
        );

    static async Task<string> ThumbprintAsync(IPEndPoint address, CancellationToken ct)
    {
        using var connection = new TcpClient();
        await connection.ConnectAsync(address, ct);
        await using var stream = new SslStream(connection.GetStream());
        var options = new SslClientAuthenticationOptions
        {
            TargetHost = "bank.localhost",
            EnabledSslProtocols = SslProtocols.None,
            RemoteCertificateValidationCallback = (_, shown, _, _) => Certified.IsOurs(shown),
        };
        await stream.AuthenticateAsClientAsync(options, ct);
        return ((X509Certificate2)stream.RemoteCertificate!).Thumbprint;
    }
}

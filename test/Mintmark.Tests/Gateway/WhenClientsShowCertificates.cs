using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Mintmark.Gateway;
using Mintmark.Gateway.Tls;
using Mintmark.Releases;
using Mintmark.Tests.Watch;
using Xunit;

namespace Mintmark.Tests.Gateway;

/// <summary>An authority of our own vouches for clients; another one does for others.</summary>
public sealed class WhenClientsShowCertificates : IDisposable
{
    static readonly IPEndPoint AnyPort = new(IPAddress.Loopback, 0);

    readonly Certified certified = new();
    readonly string folder = Directory.CreateTempSubdirectory("mintmark-clients-").FullName;
    readonly X509Certificate2 ours = Authority("CN=ours");
    readonly X509Certificate2 another = Authority("CN=another");

    public WhenClientsShowCertificates() => File.WriteAllText(Trusted, ours.ExportCertificatePem());

    string Trusted => Path.Combine(folder, "clients.pem");

    [Fact]
    public async Task TheirSubjectSaysWhoTheyAreWhateverTheySay()
    {
        await using var instance = await SayingWhoCalls();
        await using var rig = await StartAsync(areRequired: false);
        await rig.PutAsync(Rig.Alone(instance));
        using var ann = Client(rig, Leaf(ours, "CN=ann, O=Tellers"));

        using var forged = new HttpRequestMessage(HttpMethod.Get, "https://bank.localhost/")
        {
            Headers = { { "Mint-Client", "bob" } },
        };
        using var answer = await ann.SendAsync(forged);
        await ann.GetStringAsync("https://bank.localhost/");

        Assert.Equal("CN=ann, O=Tellers", await answer.Content.ReadAsStringAsync());
        Assert.Equal(1, (await rig.ClientsAsync()).Single().Clients);
    }

    [Theory]
    [InlineData(Protocol.Http1)]
    [InlineData(Protocol.H2c)]
    public async Task NobodyTakesTheirNameOffOnTheWay(Protocol protocol)
    {
        await using var instance = await SayingWhoCalls(protocol);
        await using var rig = await StartAsync(areRequired: false);
        var route = Rig.Alone(instance);
        await rig.PutAsync(route with { Baseline = route.Baseline! with { Protocol = protocol } });
        using var ann = Client(rig, Leaf(ours, "CN=ann"));

        using var request = new HttpRequestMessage(HttpMethod.Get, "https://bank.localhost/")
        {
            Headers = { { "Connection", ["mint-client", "host", "Accept"] }, { "Accept", "text/plain" } },
        };
        using var answer = await ann.SendAsync(request);

        Assert.Equal("CN=ann bank.localhost ", await answer.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task TheyStayWithTheirVersionWithoutACookie()
    {
        await using var old = await Instance.SayingAsync("old");
        await using var fresh = await Instance.SayingAsync("new");
        await using var rig = await StartAsync(areRequired: true);
        await rig.PutAsync(Rig.Bank(old, fresh));
        using var ann = Client(rig, Leaf(ours, "CN=ann"));
        // The same subject, from somewhere else with another key.
        using var elsewhere = Client(rig, Leaf(ours, "CN=ann"));

        using var first = await ann.GetAsync("https://bank.localhost/");
        var again = await elsewhere.GetStringAsync("https://bank.localhost/");

        Assert.False(first.Headers.Contains("Set-Cookie"));
        Assert.Equal(await first.Content.ReadAsStringAsync(), again);
        Assert.Equal(again, (await rig.AskAsync("CN=ann")).Body);
    }

    [Fact]
    public async Task WhoIsVouchedForByOthersDoesNotComeIn()
    {
        await using var instance = await SayingWhoCalls();
        await using var rig = await StartAsync(areRequired: false);
        await rig.PutAsync(Rig.Alone(instance));
        using var stranger = Client(rig, Leaf(another, "CN=ann"));
        using var ended = Client(rig, Leaf(ours, "CN=ann", daysLeft: -1));
        using var server = Client(rig, Leaf(ours, "CN=ann", usage: "1.3.6.1.5.5.7.3.1"));

        foreach (var client in new[] { stranger, ended, server })
            await Assert.ThrowsAsync<HttpRequestException>(() => client.GetStringAsync("https://bank.localhost/"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task WhoShowsNoneComesInWhereTheyAreOptional(bool areRequired)
    {
        await using var instance = await SayingWhoCalls();
        await using var rig = await StartAsync(areRequired);
        await rig.PutAsync(Rig.Alone(instance));
        using var nobody = Client(rig, null);

        if (areRequired)
            await Assert.ThrowsAsync<HttpRequestException>(() => nobody.GetStringAsync("https://bank.localhost/"));
        else
            Assert.Equal("", await nobody.GetStringAsync("https://bank.localhost/"));
    }

    [Fact]
    public void WhoMayVouchIsReadAgainAndAFileThatIsNoGoodIsSaid()
    {
        var said = new List<string>();
        var clients = ClientAuthorities.Of(Trusted, areRequired: true, said.Add, TimeProvider.System);
        clients.Open();
        var (ann, bob) = (Leaf(ours, "CN=ann"), Leaf(another, "CN=bob"));
        Assert.Equal(
            (true, false),
            (clients.Current.Accept(ann, along: null), clients.Current.Accept(bob, along: null))
        );
        Assert.False(clients.Current.Accept(shown: null, along: null));

        File.WriteAllText(Trusted, "none");
        clients.Look();
        clients.Look();
        Assert.Contains("what was there before goes on", Assert.Single(said), StringComparison.Ordinal);
        Assert.True(clients.Current.Accept(ann, along: null));
        File.WriteAllText(Trusted, another.ExportCertificatePem());
        clients.Look();

        Assert.Equal(
            (false, true),
            (clients.Current.Accept(ann, along: null), clients.Current.Accept(bob, along: null))
        );
    }

    [Fact]
    public void AuthoritiesInBetweenComeWithTheClient()
    {
        using var between = Between(ours, "CN=tellers");
        using var ann = Leaf(between, "CN=ann");
        var clients = ClientAuthorities.Of(Trusted, areRequired: true, _ => { }, TimeProvider.System);
        clients.Open();

        Assert.False(clients.Current.Accept(ann, along: null));
        Assert.True(clients.Current.Accept(ann, [between]));
        Assert.False(clients.Current.Accept(ann, [another]));
    }

    [Theory]
    [InlineData(1, true)]
    [InlineData(2, false)]
    public async Task WhoIsNoLongerVouchedForIsRefusedOnAnOpenConnectionWhichCloses(int version, bool areRequired)
    {
        await using var instance = await SayingWhoCalls();
        await using var rig = await StartAsync(areRequired);
        await rig.PutAsync(Rig.Alone(instance));
        using var ann = Client(rig, Leaf(ours, "CN=ann"));
        using var bob = Client(rig, Leaf(another, "CN=bob"));
        ann.DefaultRequestVersion = new Version(version, version == 1 ? 1 : 0);
        ann.DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact;
        Assert.Equal("CN=ann", await ann.GetStringAsync("https://bank.localhost/"));

        await File.WriteAllTextAsync(Trusted, another.ExportCertificatePem());
        using var late = new CancellationTokenSource(Rig.Late);
        while (!await ComesInAsync(bob))
            late.Token.ThrowIfCancellationRequested();
        using var refused = await ann.GetAsync("https://bank.localhost/");

        // On a new connection there would be no answer at all.
        Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
        Assert.Contains("no longer accepted", await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        while (await ComesInAsync(ann))
            late.Token.ThrowIfCancellationRequested();
    }

    [Fact]
    public void AConnectionIsLetInForAsLongAsItsCertificateLastsAndThoseWhoVouchForIt()
    {
        using var between = Between(ours, "CN=tellers");
        using var ann = Leaf(between, "CN=ann");
        var end = new DateTimeOffset(ann.NotAfter.ToUniversalTime());
        var clock = new HandClock { Now = end.AddSeconds(-1) };
        var clients = ClientAuthorities.Of(Trusted, areRequired: true, _ => { }, clock);
        clients.Open();
        var admission = new Admission(clients, ann, [between]);
        Assert.True(admission.Holds());

        File.WriteAllText(Trusted, another.ExportCertificatePem());
        clients.Look();
        Assert.False(admission.Holds());
        File.WriteAllText(Trusted, $"{another.ExportCertificatePem()}\n{ours.ExportCertificatePem()}\n");
        clients.Look();
        Assert.True(admission.Holds());

        clock.Now = end;
        Assert.False(admission.Holds());
    }

    [Theory]
    [InlineData(ClientHeader.Loopback, "bob")]
    [InlineData(ClientHeader.Anybody, "bob")]
    [InlineData(ClientHeader.Nobody, "")]
    public async Task TheHeaderIsBelievedOfWhomItIsSaid(ClientHeader believed, string heard)
    {
        await using var instance = await SayingWhoCalls();
        await using var rig = await Rig.StartAsync(with: o => o with { ClientHeader = believed });
        await rig.PutAsync(Rig.Alone(instance));

        Assert.Equal(heard, (await rig.AskAsync("bob")).Body);
        Assert.Equal(heard.Length == 0 ? 0 : 1, (await rig.ClientsAsync()).Single().Clients);
    }

    [Theory]
    [InlineData("10.0.0.7", null)]
    [InlineData("127.0.0.1", "bob")]
    [InlineData("::1", "bob")]
    [InlineData("::ffff:127.0.0.1", "bob")]
    [InlineData("::ffff:10.0.0.7", null)]
    public void FromBeyondThisMachineAHeaderIsNobody(string from, string? client)
    {
        var context = new DefaultHttpContext { Connection = { RemoteIpAddress = IPAddress.Parse(from) } };
        context.Request.Headers["Mint-Client"] = "bob";

        Assert.Equal(client, new Mintmark.Gateway.Callers(new byte[32]).Find(context.Request)?.Key);
        Assert.Equal(client is not null, context.Request.Headers.ContainsKey("Mint-Client"));
    }

    [Theory]
    [InlineData("--client-ca", "a.pem", "--client-ca is for clients of --tls")]
    [InlineData("--client-certificates", "required", "goes with --client-ca")]
    [InlineData("--client-header", "me", "'me' is none of loopback, anybody and nobody")]
    public void WhatDoesNotGoTogetherIsSaid(string option, string value, string expected)
    {
        var wrong = Assert.Throws<FormatException>(() => GatewayOptions.Parse(["--home", "/x", option, value]));

        Assert.Contains(expected, wrong.Message, StringComparison.Ordinal);
    }

    public void Dispose()
    {
        certified.Dispose();
        ours.Dispose();
        another.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    static Task<Instance> SayingWhoCalls(Protocol? protocol = null) =>
        Instance.StartAsync(
            context =>
            {
                var (request, headers) = (context.Request, context.Request.Headers);
                var where = protocol is null ? "" : $" {request.Host} {headers.Accept}";
                return context.Response.WriteAsync($"{headers["Mint-Client"]}{where}");
            },
            protocol == Protocol.H2c ? HttpProtocols.Http2 : HttpProtocols.Http1
        );

    Task<Rig> StartAsync(bool areRequired) =>
        Rig.StartAsync(with: o =>
            o with
            {
                Tls = AnyPort,
                Certificate = certified.Paths,
                ClientAuthorities = Trusted,
                AreClientsRequired = areRequired,
            }
        );

    static async Task<bool> ComesInAsync(HttpClient client)
    {
        try
        {
            using var answer = await client.GetAsync("https://bank.localhost/");
            return true;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    static X509Certificate2 Between(X509Certificate2 by, string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(name, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        using var signed = request.Create(
            by,
            DateTimeOffset.UtcNow.AddDays(-80),
            DateTimeOffset.UtcNow.AddDays(80),
            [7]
        );
        return signed.CopyWithPrivateKey(key);
    }

    static X509Certificate2 Authority(string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(name, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        return request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-90), DateTimeOffset.UtcNow.AddDays(90));
    }

    static X509Certificate2 Leaf(
        X509Certificate2 by,
        string name,
        int daysLeft = 30,
        string usage = "1.3.6.1.5.5.7.3.2"
    )
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(name, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(usage)], critical: false));
        var (from, until) = (DateTimeOffset.UtcNow.AddDays(-60), DateTimeOffset.UtcNow.AddDays(daysLeft));
        using var signed = request.Create(by, from, until, RandomNumberGenerator.GetBytes(8));
        using var whole = signed.CopyWithPrivateKey(key);
        return X509CertificateLoader.LoadPkcs12(whole.Export(X509ContentType.Pkcs12), null);
    }

    static HttpClient Client(Rig rig, X509Certificate2? shown) =>
        new(
            new SocketsHttpHandler
            {
                UseCookies = false,
                UseProxy = false,
                SslOptions = new()
                {
                    RemoteCertificateValidationCallback = (_, server, _, _) => Certified.IsOurs(server),
                    LocalCertificateSelectionCallback = (_, _, _, _, _) => shown!,
                },
                ConnectCallback = async (_, ct) =>
                {
                    var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
                    await socket.ConnectAsync(rig.Addresses[1], ct);
                    return new NetworkStream(socket, ownsSocket: true);
                },
            }
        );
}

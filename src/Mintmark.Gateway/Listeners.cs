using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Net.Http.Headers;
using Mintmark.Gateway.Guard;
using Mintmark.Gateway.Plain;
using Mintmark.Gateway.Succession;
using Mintmark.Gateway.Tls;
using Mintmark.Gateway.Wire;

namespace Mintmark.Gateway;

/// <summary>The two web servers of a gateway: no configuration but what stands here, no logs, no signals.</summary>
static class Listeners
{
    /// <summary>A line that ends without CR is one for some and none for others.</summary>
    private const string NoMereFeeds = "Microsoft.AspNetCore.Server.Kestrel.DisableHttp1LineFeedTerminators";

    public static WebApplication Traffic(
        GatewayOptions options,
        Reloaded<Certificates>? certificates,
        Reloaded<ClientAuthorities>? clients,
        Entrance entrance,
        Visitors visitors,
        Crowd crowd,
        Doorkeeper doorkeeper
    )
    {
        AppContext.SetSwitch(NoMereFeeds, isEnabled: true);
        var (frames, urge) = (new FrameGuard(doorkeeper, visitors), doorkeeper.Urge(options.ClientLimits.StallWithin));
        var builder = Bare();
        builder.Services.AddHttpForwarder();
        builder.Logging.SetMinimumLevel(LogLevel.Debug).AddFilter<Ears>(Ears.AreFor);
        builder.Logging.AddProvider(new Ears(visitors.Find, doorkeeper));
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.Services.AddSingleton<IConnectionListenerFactory>(parts =>
            entrance.Over(
                new WireTransport(parts.GetRequiredService<IMemoryPoolFactory<byte>>(), crowd, entrance.Bound)
            )
        );
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(options.Listen, listener => Open(listener, HttpProtocols.Http1));
            if (options.Tls is { } tls)
            {
                kestrel.Listen(
                    tls,
                    listener =>
                    {
                        Open(listener, HttpProtocols.Http1AndHttp2).Use(doorkeeper.Watch);
                        Secure(listener, options, certificates!, clients);
                        listener.Use(Doorkeeper.Agree).Use(frames.Watch(always: false));
                    }
                );
            }
            if (options.H2c is { } h2c)
                kestrel.Listen(h2c, listener => Open(listener, HttpProtocols.Http2).Use(frames.Watch(always: true)));
            kestrel.AddServerHeader = false;
            kestrel.RequestHeaderEncodingSelector = name =>
                name.Equals(HeaderNames.Connection, StringComparison.OrdinalIgnoreCase)
                    ? ConnectionField.Instance
                    : Encoding.Latin1;
            kestrel.ResponseHeaderEncodingSelector = _ => Encoding.Latin1;
            Limit(kestrel.Limits, options.ClientLimits);
        });
        return builder.Build();

        ListenOptions Open(ListenOptions listener, HttpProtocols speaks)
        {
            listener.Protocols = speaks;
            listener.Use(next => visitors.Count(next, () => speaks == HttpProtocols.Http2));
            listener.Use(urge);
            return listener;
        }
    }

    private static void Limit(KestrelServerLimits kestrel, ClientLimits limits)
    {
        var slowest = new MinDataRate(limits.Rate, limits.GraceWithin);
        // Bodies stream through and are never held, so their size is the service's business.
        kestrel.MaxRequestBodySize = null;
        kestrel.MaxRequestHeadersTotalSize = limits.HeaderBytes;
        kestrel.MaxRequestHeaderCount = limits.Headers;
        kestrel.MinRequestBodyDataRate = slowest;
        kestrel.MinResponseDataRate = slowest;
        kestrel.RequestHeadersTimeout = limits.HeadWithin;
        kestrel.KeepAliveTimeout = TimeSpan.FromSeconds(limits.Idle);
        kestrel.Http2.MaxStreamsPerConnection = limits.Streams;
    }

    /// <summary>The certificate is asked for at each handshake, so a new one needs no new listener.</summary>
    private static void Secure(
        ListenOptions listener,
        GatewayOptions options,
        Reloaded<Certificates> certificates,
        Reloaded<ClientAuthorities>? clients
    )
    {
        listener.UseHttps(
            new TlsHandshakeCallbackOptions
            {
                HandshakeTimeout = options.ClientLimits.HeadWithin,
                OnConnection = hello =>
                    ValueTask.FromResult(
                        new SslServerAuthenticationOptions
                        {
                            ServerCertificateContext =
                                certificates.Current.For(hello.ClientHelloInfo.ServerName)
                                ?? throw new AuthenticationException("no certificate for that name"),
                            // Whatever else the machine's OpenSSL is set to.
                            EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
                            ApplicationProtocols = [SslApplicationProtocol.Http2, SslApplicationProtocol.Http11],
                            AllowRenegotiation = false,
                            ClientCertificateRequired = clients is not null,
                            RemoteCertificateValidationCallback = clients is null
                                ? null
                                : (_, shown, chain, _) =>
                                    Admission.Begin(hello.Connection, clients, shown, chain?.ChainPolicy.ExtraStore),
                            // A session that is taken up again would not be looked at by those who vouch today.
                            AllowTlsResume = clients is null,
                        }
                    ),
            }
        );
    }

    public static WebApplication Control(string socket)
    {
        var builder = Bare();
        builder.Services.AddRoutingCore();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.ListenUnixSocket(socket, listener => listener.Protocols = HttpProtocols.Http1);
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = ControlApi.LargestTable;
        });
        return builder.Build();
    }

    /// <exception cref="CannotStartException">The place is taken or out of reach.</exception>
    public static async Task StartAsync(WebApplication app, string place, CancellationToken ct)
    {
        try
        {
            await app.StartAsync(ct);
        }
        catch (IOException wrong) when (wrong.InnerException is AddressInUseException)
        {
            throw new CannotStartException($"{place} is taken by another program", wrong);
        }
        catch (Exception wrong) when (wrong is SocketException or IOException)
        {
            throw new CannotStartException($"cannot listen on {place}: {wrong.Message}", wrong);
        }
    }

    /// <summary>In the order in which they were asked for, with the ports they were given.</summary>
    public static IReadOnlyList<IPEndPoint> AddressesOf(WebApplication app)
    {
        var addresses = app
            .Services.GetRequiredService<IServer>()
            .Features.GetRequiredFeature<IServerAddressesFeature>();
        return
        [
            .. addresses
                .Addresses.Select(text => new Uri(text))
                .Select(address => new IPEndPoint(IPAddress.Parse(address.Host.Trim('[', ']')), address.Port)),
        ];
    }

    private static WebApplicationBuilder Bare()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore();
        builder.Services.AddSingleton<IHostLifetime, NoSignals>();
        return builder;
    }

    /// <summary>The process's signals are the program's to handle, once for both servers.</summary>
    private sealed class NoSignals : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}

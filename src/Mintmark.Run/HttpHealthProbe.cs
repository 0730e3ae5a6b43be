using System.Net;
using System.Net.Sockets;
using Mintmark.Releases;

namespace Mintmark.Run;

/// <summary>GET on the instance's health path: 200 within two seconds is healthy.</summary>
public sealed class HttpHealthProbe : IHealthProbe, IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private readonly TimeProvider clock;
    private readonly HttpMessageInvoker client;

    public HttpHealthProbe(TimeProvider clock)
    {
        this.clock = clock;
        client = new HttpMessageInvoker(
            new SocketsHttpHandler
            {
                UseProxy = false,
                UseCookies = false,
                AllowAutoRedirect = false,
                ActivityHeadersPropagator = null,
                // A new connection each time: an instance that no longer accepts any is not healthy.
                PooledConnectionLifetime = TimeSpan.Zero,
            }
        );
    }

    public async Task<string?> ProbeAsync(Instance instance, string path, Protocol protocol, CancellationToken ct)
    {
        using var patience = new CancellationTokenSource(Patience, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, ct);
        using var request = new HttpRequestMessage(HttpMethod.Get, $"http://127.0.0.1:{instance.Port}{path}")
        {
            Version = protocol == Protocol.H2c ? HttpVersion.Version20 : HttpVersion.Version11,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        request.Headers.UserAgent.ParseAdd("mintmark-health/1");
        try
        {
            using var response = await client.SendAsync(request, either.Token);
            return response.StatusCode == HttpStatusCode.OK ? null : $"answers {(int)response.StatusCode}";
        }
        catch (HttpRequestException failure)
        {
            return $"no answer: {failure.HttpRequestError}";
        }
        catch (SocketException gone)
        {
            // .NET does not wrap what it meets where a connection is reset as soon as it is made.
            return $"no answer: {gone.SocketErrorCode}";
        }
        catch (OperationCanceledException late) when (!ct.IsCancellationRequested)
        {
            throw new TimeoutException($"no answer within {Patience.TotalSeconds:0} s", late);
        }
    }

    public void Dispose() => client.Dispose();
}

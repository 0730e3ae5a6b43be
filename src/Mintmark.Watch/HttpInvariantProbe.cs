using System.Net;
using System.Net.Sockets;
using Mintmark.Releases;

namespace Mintmark.Watch;

/// <summary>Asks over HTTP on this machine.</summary>
public sealed class HttpInvariantProbe : IInvariantProbe, IDisposable
{
    private const int LargestBody = 64 * 1024;
    private static readonly TimeSpan Usual = TimeSpan.FromSeconds(2);

    private readonly HttpClient _client = new(
        new SocketsHttpHandler
        {
            UseProxy = false,
            UseCookies = false,
            AllowAutoRedirect = false,
        }
    )
    {
        Timeout = Usual,
        MaxResponseContentBufferSize = LargestBody,
    };

    /// <summary>For an answer.</summary>
    public TimeSpan Patience
    {
        get => _client.Timeout;
        init => _client.Timeout = value;
    }

    public async Task<InvariantAnswer> AskAsync(int port, string path, Protocol protocol, CancellationToken ct)
    {
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, $"http://127.0.0.1:{port}{path}")
            {
                Version = protocol == Protocol.H2c ? HttpVersion.Version20 : HttpVersion.Version11,
                VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            };
            using var response = await _client.SendAsync(request, ct);
            if (response.StatusCode != HttpStatusCode.OK)
                return Unclear(path, $"answers {(int)response.StatusCode}, not 200");
            var answer = InvariantsText.Read(await response.Content.ReadAsByteArrayAsync(ct));
            return answer is InvariantAnswer.Unclear(var reason) ? Unclear(path, reason) : answer;
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return Unclear(path, $"does not answer within {Patience.TotalSeconds} seconds");
        }
        catch (Exception failed) when (failed is HttpRequestException or SocketException)
        {
            return Unclear(path, failed.Message);
        }
    }

    public void Dispose() => _client.Dispose();

    private static InvariantAnswer.Unclear Unclear(string path, string reason) => new($"{path}: {reason}");
}

using System.Net;
using System.Net.Sockets;
using Mintmark.Releases;
using Mintmark.Ship;

namespace Mintmark.Server;

/// <summary>Asks a version through the gateway, at the address of its own, as any client would.</summary>
internal sealed class GatewayRehearsal : IRehearsalProbe, IDisposable
{
    private const int LargestAnswer = 1 << 20;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private readonly HttpClient http;

    /// <param name="patience">For an answer's head; null for as long as clients usually have.</param>
    public GatewayRehearsal(IPEndPoint gateway, TimeSpan? patience = null)
    {
        var handler = new SocketsHttpHandler
        {
            UseProxy = false,
            AllowAutoRedirect = false,
            UseCookies = false,
        };
        http = new HttpClient(handler) { BaseAddress = new Uri($"http://{gateway}"), Timeout = patience ?? Patience };
        http.MaxResponseContentBufferSize = LargestAnswer;
    }

    public async Task<RehearsalAnswer> AskAsync(Mark mark, string path, CancellationToken ct)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Host = $"{mark}.{mark.Service}.localhost";
        try
        {
            using var answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, ct);
            // A version may answer 503 by itself: what the gateway refuses for a halt says so in its title.
            var halted =
                answer.StatusCode == HttpStatusCode.ServiceUnavailable
                && (await answer.Content.ReadAsStringAsync(ct)).Contains("\"Halted\"", StringComparison.Ordinal);
            return new((int)answer.StatusCode, halted);
        }
        catch (Exception silent)
            when (silent is HttpRequestException or SocketException
                || (silent is TaskCanceledException && !ct.IsCancellationRequested)
            )
        {
            return new(null, Halted: false);
        }
    }

    public void Dispose() => http.Dispose();
}

using System.Net;
using System.Net.Http.Headers;
using Mintmark.Releases;

namespace Mintmark.Gateway;

/// <summary>One probe on its way to the instance that its lot chose.</summary>
sealed record SentProbe(ServiceName Service, LiveArm Arm, LiveTarget Target, Probe Declared)
{
    /// <summary>So that a service can tell. Of a client nobody believes it: it is taken off.</summary>
    public const string Header = "Mint-Probe";

    private const int LargestRead = 1 << 20;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <returns>Whether the answer came whole, in time and with the declared status; and the signals in it.</returns>
    /// <exception cref="OperationCanceledException">By <paramref name="ct"/> only.</exception>
    public async Task<(bool AsExpected, uint Signalled)> AskAsync(
        HttpMessageInvoker http,
        TimeProvider time,
        CancellationToken ct
    )
    {
        using var patience = new CancellationTokenSource(Patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, patience.Token);
        try
        {
            using var request = Request();
            using var answer = await http.SendAsync(request, either.Token);
            var signalled = Signalled(answer.Headers);
            await ReadAsync(answer.Content, either.Token);
            return ((int)answer.StatusCode == Declared.Expect, signalled);
        }
        catch (Exception failure) when (failure is HttpRequestException or IOException)
        {
            return (false, 0);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return (false, 0);
        }
    }

    private HttpRequestMessage Request()
    {
        var host = $"{Service}.localhost";
        var request = new HttpRequestMessage(HttpMethod.Get, Target.Address + Declared.Path)
        {
            Version = HttpVersion.Version11,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Headers = { Host = host },
        };
        request.Headers.Add(Header, "1");
        request.Headers.Add(Exchange.RequestHeader, Exchange.Name(Arm, Target));
        request.Headers.Add("X-Forwarded-For", "127.0.0.1");
        request.Headers.Add("X-Forwarded-Proto", "http");
        request.Headers.Add("X-Forwarded-Host", host);
        return request;
    }

    private uint Signalled(HttpResponseHeaders headers) =>
        headers.NonValidated.TryGetValues(SignalHeader.Name, out var lines)
            ? lines.Aggregate(0u, (found, line) => found | SignalHeader.Read(line, Arm.Version))
            : 0;

    /// <summary>As much as a probe's answer may be long; who sends more has answered.</summary>
    private static async Task ReadAsync(HttpContent content, CancellationToken ct)
    {
        await using var body = await content.ReadAsStreamAsync(ct);
        var buffer = new byte[16 << 10];
        for (var read = 0; read < LargestRead; )
        {
            var more = await body.ReadAsync(buffer, ct);
            if (more == 0)
                return;
            read += more;
        }
    }
}

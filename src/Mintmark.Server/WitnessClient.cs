using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using Mintmark.Log;

namespace Mintmark.Server;

/// <summary>Where a witness answers, and the key by which its cosignatures are checked.</summary>
public sealed record WitnessAddress(Uri Url, WitnessVerifier Key)
{
    /// <summary><c>URL=VKEY</c>; without TLS only on this machine.</summary>
    /// <exception cref="FormatException">It is not of that form; says what is wrong.</exception>
    public static WitnessAddress Parse(string text)
    {
        if (text.Split('=', 2) is not [var address, var vkey])
            throw new FormatException($"--witness: '{text}' is not URL=KEY");
        if (!Uri.TryCreate(address.TrimEnd('/') + "/", UriKind.Absolute, out var url) || url.Query.Length > 0)
            throw new FormatException($"--witness: '{address}' is no URL");
        if (url.Scheme != Uri.UriSchemeHttps && !(url.Scheme == Uri.UriSchemeHttp && url.IsLoopback))
            throw new FormatException($"--witness: {address}: over the network a witness is asked with https only");
        return new WitnessAddress(url, WitnessVerifier.Parse(vkey));
    }
}

/// <summary>A witness did not cosign; says what it said.</summary>
public sealed class WitnessException(string what, Exception? inner = null) : Exception(what, inner);

/// <summary>Asks one witness to cosign the latest checkpoint.</summary>
internal sealed class WitnessClient(WitnessAddress witness, LogReader log) : IDisposable
{
    private const int LongestAnswer = 1 << 16;

    private readonly HttpClient http = new(
        new SocketsHttpHandler
        {
            UseProxy = false,
            AllowAutoRedirect = false,
            ConnectTimeout = TimeSpan.FromSeconds(2),
        }
    )
    {
        BaseAddress = witness.Url,
        Timeout = TimeSpan.FromSeconds(5),
        MaxResponseContentBufferSize = LongestAnswer,
    };

    private long seen;

    public string Name => witness.Key.Name;

    /// <returns>The note with the witness's cosignature.</returns>
    /// <exception cref="WitnessException">It did not cosign.</exception>
    public async Task<string> CosignAsync(string note, long size, CancellationToken ct)
    {
        try
        {
            var (status, answer) = await AskAsync(note, size, ct);
            // It knows best how much it saw: before the first answer, and after somebody else asked.
            if (status == HttpStatusCode.Conflict && TrySize(answer, out var other) && other <= size)
            {
                seen = other;
                (status, answer) = await AskAsync(note, size, ct);
            }
            if (status != HttpStatusCode.OK)
                throw new WitnessException(
                    $"refused the checkpoint of {size} entries ({(int)status}): {Short(answer)}"
                );
            var cosigned = WitnessedCheckpoint.With(note, witness.Key, answer);
            seen = size;
            return cosigned;
        }
        catch (Exception e) when (e is HttpRequestException or SocketException or FormatException)
        {
            throw new WitnessException(e.Message, e);
        }
        catch (OperationCanceledException e) when (!ct.IsCancellationRequested)
        {
            throw new WitnessException("did not answer in time", e);
        }
    }

    private async Task<(HttpStatusCode, string)> AskAsync(string note, long size, CancellationToken ct)
    {
        var proof = log.Consistency(seen, size) ?? throw new WitnessException($"saw {seen} entries of this log");
        using var body = new StringContent(new WitnessRequest(seen, proof, note).ToText());
        body.Headers.ContentType = new MediaTypeHeaderValue("text/plain");
        using var answer = await http.PostAsync("add-checkpoint", body, ct);
        // Not by the charset that it names, which may be none. What is longer than we take has failed before.
        return (answer.StatusCode, Encoding.UTF8.GetString(await answer.Content.ReadAsByteArrayAsync(ct)));
    }

    private static bool TrySize(string answer, out long size) =>
        long.TryParse(answer.TrimEnd('\n'), NumberStyles.None, CultureInfo.InvariantCulture, out size);

    private static string Short(string answer) =>
        new([.. answer.ReplaceLineEndings(" ").Where(c => !char.IsControl(c)).Take(200)]);

    public void Dispose() => http.Dispose();
}

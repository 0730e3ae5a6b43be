using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Runtime.ExceptionServices;
using System.Text.Json;
using Mintmark.Server;

namespace Mintmark.Cli;

/// <summary>Asks the control plane. Every answer that is none becomes a <see cref="StopException"/>.</summary>
internal sealed class ApiClient : IDisposable
{
    private const int LongestToken = 1_000;

    /// <summary>Long enough for a machine with far more to do than it can.</summary>
    private static readonly TimeSpan Connecting = TimeSpan.FromSeconds(60);

    private readonly HttpClient http;
    private readonly IPEndPoint address;
    private readonly string tokenFile;

    private ApiClient(Home home, IPEndPoint address, string tokenFile, string token)
    {
        this.address = address;
        this.tokenFile = tokenFile;
        var handler = new SocketsHttpHandler
        {
            UseProxy = false,
            AllowAutoRedirect = false,
            ConnectTimeout = Connecting,
            ConnectCallback = (_, ct) => ConnectAsync(home, address, ct),
        };
        http = new HttpClient(handler)
        {
            BaseAddress = new Uri($"http://{address}"),
            Timeout = Timeout.InfiniteTimeSpan,
        };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
    }

    /// <exception cref="StopException">There is no token, or it is not ours to read.</exception>
    public static ApiClient Open(Home home, IPEndPoint address)
    {
        try
        {
            return new ApiClient(home, address, home.Token, File.ReadAllText(home.Token).Trim());
        }
        catch (Exception missing) when (missing is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new StopException(
                Exit.Failure,
                $"no control plane has run on {home.Root} yet",
                "start one with: mint up   (or name another's folder with --home, and a token with --token-file)",
                missing
            );
        }
        catch (UnauthorizedAccessException refused)
        {
            throw new StopException(
                Exit.Failure,
                $"{home.Token} can be read by its owner only",
                "name a token of your own with --token-file, or run this as the user who runs 'mint up'",
                refused
            );
        }
    }

    /// <summary>With a person's token.</summary>
    /// <exception cref="StopException">It cannot be read, or others can read it too.</exception>
    public static ApiClient Open(Home home, string tokenFile, IPEndPoint address)
    {
        const UnixFileMode others =
            UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.OtherRead | UnixFileMode.OtherWrite;
        try
        {
            using var file = new FileStream(tokenFile, FileMode.Open, FileAccess.Read, FileShare.Read);
            if ((File.GetUnixFileMode(file.SafeFileHandle) & others) != UnixFileMode.None)
            {
                throw new StopException(
                    Exit.BadInput,
                    $"{tokenFile} can be read by others than its owner",
                    $"chmod 600 {tokenFile}   (and if somebody may have read it: mint person change NAME --new-token)"
                );
            }
            if (file.Length > LongestToken)
                throw new StopException(
                    Exit.BadInput,
                    $"{tokenFile} is no token: it has more than {LongestToken} bytes"
                );
            using var text = new StreamReader(file);
            var token = text.ReadToEnd().Trim();
            return token.Length > 0 && token.All(c => c is > ' ' and <= '~')
                ? new ApiClient(home, address, tokenFile, token)
                : throw new StopException(Exit.BadInput, $"{tokenFile} holds no token: one line of printable ASCII");
        }
        catch (Exception missing) when (missing is IOException or UnauthorizedAccessException)
        {
            throw new StopException(
                Exit.BadInput,
                $"the token in {tokenFile} cannot be read: {missing.Message}",
                "name the file with --token-file or MINTMARK_TOKEN_FILE",
                missing
            );
        }
    }

    public Task<T> GetAsync<T>(string path, CancellationToken ct) =>
        AskAsync<T>(new HttpRequestMessage(HttpMethod.Get, path), ct);

    public Task<T> PostAsync<TBody, T>(string path, TBody body, CancellationToken ct) =>
        AskAsync<T>(
            new HttpRequestMessage(HttpMethod.Post, path)
            {
                Content = JsonContent.Create(body, options: ApiJson.Options),
            },
            ct
        );

    public async Task PostAsync(string path, CancellationToken ct)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path);
        using var _ = await SendAsync(request, ct);
    }

    /// <summary>A little more than the control plane gives itself, so that its own answer comes first.</summary>
    public static TimeSpan LimitOf(string path) =>
        path switch
        {
            "/api/advisories/fetch" => TimeSpan.FromMinutes(11),
            "/api/ship" or "/api/gateway/replace" => TimeSpan.FromMinutes(5),
            _ => TimeSpan.FromSeconds(100),
        };

    public void Dispose() => http.Dispose();

    private async Task<T> AskAsync<T>(HttpRequestMessage request, CancellationToken ct)
    {
        using (request)
        {
            using var answer = await SendAsync(request, ct);
            try
            {
                return await answer.Content.ReadFromJsonAsync<T>(ApiJson.Options, ct)
                    ?? throw new JsonException("the answer is empty");
            }
            catch (JsonException wrong)
            {
                throw new StopException(
                    Exit.Failure,
                    $"{address} answers what this program does not understand: {wrong.Message}",
                    "is that the control plane, and of the same version as this program?",
                    wrong
                );
            }
        }
    }

    /// <summary>What is sent over it bears a token.</summary>
    /// <exception cref="StopException">Somebody listens there who is not to have it.</exception>
    private static async ValueTask<Stream> ConnectAsync(Home home, IPEndPoint address, CancellationToken ct)
    {
        if (Listeners.StrangerAt(address, home.Root) is { } stranger)
        {
            throw new StopException(
                Exit.Failure,
                $"user {stranger} listens at {address}, who is neither root nor you nor the owner of {home.Root}: no "
                    + "token was sent",
                "if that is the control plane's user, name its home folder with --home; else see who it is: ss -ltnpe"
            );
        }
        var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(address, ct);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken ct)
    {
        HttpResponseMessage answer;
        var limit = LimitOf(request.RequestUri!.OriginalString);
        using var over = CancellationTokenSource.CreateLinkedTokenSource(ct);
        over.CancelAfter(limit);
        try
        {
            answer = await http.SendAsync(request, over.Token);
        }
        catch (Exception failure) when (failure is HttpRequestException or SocketException)
        {
            if (failure.InnerException is StopException stop)
                ExceptionDispatchInfo.Throw(stop);
            throw new ControlPlaneAwayException(address, failure);
        }
        catch (TaskCanceledException late) when (!ct.IsCancellationRequested)
        {
            throw new ControlPlaneAwayException(
                address,
                over.IsCancellationRequested ? new SlowException(limit)
                    : late.InnerException is TimeoutException
                        ? new TimeoutException($"not connected within {Connecting.TotalSeconds:0} s", late)
                    : late
            );
        }
        if (answer.IsSuccessStatusCode)
            return answer;
        using (answer)
            throw await ProblemOfAsync(answer, ct);
    }

    private async Task<StopException> ProblemOfAsync(HttpResponseMessage answer, CancellationToken ct)
    {
        if (answer.StatusCode == HttpStatusCode.Unauthorized)
        {
            return new StopException(
                Exit.BadInput,
                $"the control plane at {address} does not accept the token in {tokenFile}",
                "name the home folder of that control plane with --home, or its own address with --api; a person's "
                    + "token ends with 'mint person remove' and with a new one"
            );
        }
        try
        {
            var problem = await answer.Content.ReadFromJsonAsync<Problem>(JsonSerializerOptions.Web, ct);
            return (problem ?? Problem.Untold).ToStop(answer.StatusCode);
        }
        catch (JsonException)
        {
            return Problem.Untold.ToStop(answer.StatusCode);
        }
    }
}

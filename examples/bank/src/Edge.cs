using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Bank;

readonly record struct Reply(int Status, byte[] Body, string Type = "application/json")
{
    public static Reply Of<T>(int status, T value, JsonTypeInfo<T> type) =>
        new(status, JsonSerializer.SerializeToUtf8Bytes(value, type));

    public static Reply Problem(int status, string title, string detail) =>
        Of(status, new(status, title, detail), Wire.Problem) with
        {
            Type = "application/problem+json",
        };
}

/// <summary>Between HTTP and the handlers: every request gets a reply, whatever happens.</summary>
sealed class Edge(ILogger<Edge> log)
{
    public RequestDelegate Answer(Func<HttpContext, Reply> handler) => Answer(http => Task.FromResult(handler(http)));

    public RequestDelegate Answer(Func<HttpContext, Task<Reply>> handler) =>
        async http =>
        {
            try
            {
                await SendAsync(http, await handler(http));
            }
            catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
            {
                return;
            }
            catch (BadHttpRequestException e)
            {
                await SendAsync(http, Reply.Problem(e.StatusCode, "Bad request", e.Message));
            }
            catch (JsonException e)
            {
                await SendAsync(http, Reply.Problem(400, "Bad request", $"{e.Path}: {e.Message}"));
            }
            catch (Exception e)
            {
                log.LogError(e, "{Method} {Path} failed", http.Request.Method, http.Request.Path);
                await SendAsync(http, Reply.Problem(500, "Internal error", "The bank could not do this."));
            }
        };

    static async Task SendAsync(HttpContext http, Reply reply)
    {
        http.Response.StatusCode = reply.Status;
        http.Response.ContentType = reply.Type;
        http.Response.ContentLength = reply.Body.Length;
        await http.Response.Body.WriteAsync(reply.Body, http.RequestAborted);
    }
}

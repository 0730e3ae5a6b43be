using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Mintmark.Build;
using Mintmark.Log;
using Mintmark.Releases;
using Mintmark.Yaml;

namespace Mintmark.Server;

/// <summary>
/// Every failure as problem details: an expected no is 409 with its rule, or 403 where it is somebody else's to ask;
/// bad input is 400, our failure 5xx.
/// </summary>
internal static class Problems
{
    private static readonly string[] OfRoles = ["role-needed", "person-needed", "person-removed"];

    public static ProblemHttpResult Refused(Decision.Refused refused) =>
        TypedResults.Problem(
            statusCode: OfRoles.Contains(refused.Rule) ? StatusCodes.Status403Forbidden : StatusCodes.Status409Conflict,
            title: refused.Rule,
            detail: refused.Reason,
            extensions: new Dictionary<string, object?> { ["rule"] = refused.Rule }
        );

    public static ProblemHttpResult NotFound(string what) =>
        TypedResults.Problem(statusCode: StatusCodes.Status404NotFound, title: "not found", detail: what);

    /// <summary>The edge: whatever was thrown becomes an answer; what nobody foresaw is printed, too.</summary>
    public static ExceptionHandlerOptions Edge =>
        new() { ExceptionHandler = WriteAsync, SuppressDiagnosticsCallback = context => IsForeseen(context.Exception) };

    private static bool IsForeseen(Exception failure) =>
        Kind(failure).Status != StatusCodes.Status500InternalServerError;

    private static (int Status, string Title) Kind(Exception? failure) =>
        failure switch
        {
            BadHttpRequestException bad => (bad.StatusCode, "bad request"),
            NotAllowedException => (StatusCodes.Status403Forbidden, "not allowed"),
            ManifestException => (StatusCodes.Status400BadRequest, "mint.yaml is refused"),
            DeclaredException => (StatusCodes.Status503ServiceUnavailable, "what is laid over a profile is damaged"),
            GitException => (StatusCodes.Status400BadRequest, "the repository is refused"),
            Mintmark.Evidence.MaterialsException => (
                StatusCodes.Status503ServiceUnavailable,
                "a file of the home is damaged"
            ),
            LogStorageException => (StatusCodes.Status507InsufficientStorage, "the log could not be written"),
            _ => (StatusCodes.Status500InternalServerError, "an operating failure"),
        };

    private static async Task WriteAsync(HttpContext context)
    {
        var failure = context.Features.Get<IExceptionHandlerFeature>()?.Error;
        var (status, title) = Kind(failure);
        var detail = failure is BadHttpRequestException { InnerException: JsonException json }
            ? json.Message
            : failure?.Message;
        await TypedResults.Problem(statusCode: status, title: title, detail: detail).ExecuteAsync(context);
    }
}

using System.Globalization;
using System.Net;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Mintmark.Log;

namespace Mintmark.Server;

/// <summary>A witness as a process: c2sp.org/tlog-witness over HTTP. It knows nothing of the control plane.</summary>
public static class WitnessHost
{
    private const string Text = "text/plain; charset=utf-8";
    private const string SizeText = "text/x.tlog.size";

    /// <summary>Runs until <paramref name="ct"/> is cancelled.</summary>
    /// <param name="ready">Called once, with the address on which it answers.</param>
    /// <exception cref="IOException">The address is taken.</exception>
    public static async Task RunAsync(Witness witness, IPEndPoint address, Action<Uri> ready, CancellationToken ct)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddRouting();
        builder.WebHost.UseKestrelCore();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = WitnessRequest.MaxChars;
            kestrel.Listen(address, listen => listen.Protocols = HttpProtocols.Http1);
        });
        await using var app = builder.Build();
        app.MapWitness(witness);
        await app.StartAsync(ct);
        ready(new Uri(app.Urls.First()));
        await Task.Delay(Timeout.Infinite, ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await app.StopAsync(CancellationToken.None);
    }

    internal static void MapWitness(this IEndpointRouteBuilder app, Witness witness)
    {
        app.MapPost("/add-checkpoint", (HttpRequest request, CancellationToken ct) => AddAsync(witness, request, ct));
        app.MapGet("/{origin}/checkpoint", (string origin) => Latest(witness, origin));
    }

    private static async Task<ContentHttpResult> AddAsync(Witness witness, HttpRequest request, CancellationToken ct)
    {
        using var body = new StreamReader(request.Body, Encoding.UTF8);
        return witness.Add(await body.ReadToEndAsync(ct)) switch
        {
            WitnessAnswer.Cosigned cosigned => TypedResults.Content(cosigned.Signatures, Text),
            WitnessAnswer.Conflict conflict => Answer(
                string.Create(CultureInfo.InvariantCulture, $"{conflict.Size}\n"),
                StatusCodes.Status409Conflict,
                SizeText
            ),
            WitnessAnswer.Malformed wrong => Answer(wrong.Reason, StatusCodes.Status400BadRequest),
            WitnessAnswer.UnknownLog unknown => Answer(unknown.Reason, StatusCodes.Status404NotFound),
            WitnessAnswer.NotSigned unsigned => Answer(unsigned.Reason, StatusCodes.Status403Forbidden),
            WitnessAnswer.Inconsistent fork => Answer(fork.Reason, StatusCodes.Status422UnprocessableEntity),
            var other => throw new System.Diagnostics.UnreachableException(other.GetType().Name),
        };
    }

    private static Results<ContentHttpResult, NotFound> Latest(Witness witness, string origin) =>
        witness.LatestBy(origin) is { } note ? TypedResults.Content(note, Text) : TypedResults.NotFound();

    private static ContentHttpResult Answer(string text, int status, string type = Text) =>
        TypedResults.Text(text, type, statusCode: status);
}

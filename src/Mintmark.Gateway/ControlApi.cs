using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Mintmark.Route;

namespace Mintmark.Gateway;

/// <summary>What the control plane says to the gateway, on a socket that only its user can reach.</summary>
sealed class ControlApi(
    Switchboard board,
    KeptTable kept,
    Changes changes,
    GatewayOptions options,
    Contact contact,
    Func<ConditionReport> condition,
    Action told,
    Action drain
)
{
    public const int LargestTable = 16 << 20;

    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(1);

    public void Map(WebApplication app)
    {
        app.MapPut("/table", PutTableAsync);
        app.MapGet("/table", TableAsync);
        app.MapGet("/report", ReportAsync);
        app.MapGet("/clients", ClientsAsync);
        app.MapGet("/condition", ConditionAsync);
        app.MapGet("/memory", MemoryAsync);
        app.MapPost("/drain", DrainAsync);
    }

    /// <summary>
    /// 200 with the revision in force, once it is; 400 and nothing changed where the table is not sound.
    /// </summary>
    private async Task PutTableAsync(HttpContext context)
    {
        RouteTable? table;
        try
        {
            table = await JsonSerializer.DeserializeAsync(
                context.Request.Body,
                RouteWire.Default.RouteTable,
                context.RequestAborted
            );
            TableRules.Check(table ?? throw new JsonException("a route table is an object"));
        }
        catch (Exception wrong) when (wrong is JsonException or FormatException)
        {
            await Refusal.BadRequest(StatusCodes.Status400BadRequest, wrong.Message).WriteAsync(context);
            return;
        }
        catch (BadHttpRequestException wrong)
        {
            await Refusal.BadRequest(wrong.StatusCode, wrong.Message).WriteAsync(context);
            return;
        }
        contact.Hear();
        var inForce = board.Put(table);
        if (inForce == table.Revision)
        {
            kept.Keep(table);
            told();
        }
        await TableAsync(context);
    }

    /// <summary>
    /// Since when the table in force is, and whether it came since the start. Where it says that it has given way,
    /// whoever serves in its place may not have it.
    /// </summary>
    private Task TableAsync(HttpContext context) =>
        context.Response.WriteAsJsonAsync(
            board.InForce with
            {
                AccessLog = options.AccessLog,
                Listen = options.Listen.Port == 0 ? null : options.Listen.ToString(),
                Tls = options.Tls?.ToString(),
                Certificate = options.Certificate?.Certificate,
                Key = options.Certificate is { } pair && pair.Key != pair.Certificate ? pair.Key : null,
                H2c = options.H2c?.ToString(),
                Build = options.Build,
                ClientCa = options.ClientAuthorities,
                ClientCertificates = options.AreClientsRequired ? "required" : null,
                ClientHeader = options.ClientHeader switch
                {
                    ClientHeader.Anybody => "anybody",
                    ClientHeader.Nobody => "nobody",
                    _ => null,
                },
                ClientLimits = options.GivenLimits,
                GivenWay = kept.HasGivenWay ? true : null,
            },
            GatewayWire.Default.InForce
        );

    /// <summary>
    /// The report: at once where it is not the one of <c>changedSince</c>, else within <c>waitMs</c>.
    /// </summary>
    private async Task ReportAsync(HttpContext context)
    {
        var query = context.Request.Query;
        if (!TryRead(query["changedSince"], -1, out var known) || !TryRead(query["waitMs"], 0, out var wait))
        {
            await Refusal
                .BadRequest(StatusCodes.Status400BadRequest, "changedSince and waitMs are whole numbers")
                .WriteAsync(context);
            return;
        }
        contact.Hear();
        var patience = TimeSpan.FromMilliseconds(Math.Clamp(wait, 0, LongestWait.TotalMilliseconds));
        var sequence = await changes.NextAsync(known, patience, context.RequestAborted);
        await context.Response.WriteAsJsonAsync(board.Report(sequence), RouteWire.Default.GatewayReport);
    }

    private Task ClientsAsync(HttpContext context) =>
        context.Response.WriteAsJsonAsync(board.Clients(), RouteWire.Default.IReadOnlyListClientsReport);

    private Task ConditionAsync(HttpContext context) =>
        context.Response.WriteAsJsonAsync(condition(), RouteWire.Default.ConditionReport);

    /// <summary>
    /// What is left on the heap after a full collection, which holds up requests for its time, and what was ever asked
    /// of it.
    /// </summary>
    private static Task MemoryAsync(HttpContext context)
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        return context.Response.WriteAsJsonAsync(
            new Memory(GC.GetTotalMemory(forceFullCollection: true), GC.GetTotalAllocatedBytes(precise: true)),
            GatewayWire.Default.Memory
        );
    }

    private Task DrainAsync(HttpContext context)
    {
        context.Response.StatusCode = StatusCodes.Status202Accepted;
        context.Response.OnCompleted(() =>
        {
            // What it names ends with the gateway, so nobody is to be sent there later.
            kept.Forget();
            drain();
            return Task.CompletedTask;
        });
        return Task.CompletedTask;
    }

    private static bool TryRead(string? text, long absent, out long value)
    {
        value = absent;
        return text is null || long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value);
    }
}

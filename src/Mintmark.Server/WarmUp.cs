using System.Text.Json;
using Microsoft.AspNetCore.Routing;
using Mintmark.Journal;
using Mintmark.Releases;
using Mintmark.Route;

namespace Mintmark.Server;

/// <summary>
/// A halt is rare, so it would nearly always be the first since the start, and have its code compiled while it is
/// waited for. What it takes is done once beforehand, to no effect.
/// </summary>
internal static class WarmUp
{
    private const string Nothing = "is not asked for";

    public static void Run(ReleaseJournal journal, EndpointDataSource routes, JsonSerializerOptions json)
    {
        Endpoints.Prepare(routes);
        var asked = JsonSerializer.SerializeToUtf8Bytes(new HoldRequest(null, Nothing), json);
        var request = JsonSerializer.Deserialize<HoldRequest>(asked, json)!;
        var halted = journal.Rehearse(new Command.Halt(request.Service, request.Reason), ControlPlane.Self);
        RouteWire.ToJson(Routes.From(halted));
        JsonSerializer.SerializeToUtf8Bytes(new Done(null, halted.Size, InForce: false), json);
    }
}

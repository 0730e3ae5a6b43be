using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Mintmark.Releases;
using Mintmark.Route;
using Xunit;

namespace Mintmark.Tests.Gateway;

/// <summary>
/// One of another version of the program lacks a member, say, or somebody wrote it by hand: it is taken or refused with
/// a word, and whatever is taken answers requests.
/// </summary>
public sealed class WhenATableIsNotWhole
{
    [Fact]
    public async Task WhateverItLacksItIsTakenOrRefused()
    {
        await using var bank = await Instance.SayingAsync("ok");
        await using var bad = await Instance.SayingAsync("no", status: 500);
        await using var rig = await Rig.StartAsync();
        var statuses = new List<HttpStatusCode>();
        var (revision, part) = (0, 0);
        while (Without(part, Table(++revision, bank, bad)) is var (lacks, table))
        {
            part++;
            using var answer = await rig.PutAsync(table);

            statuses.Add(answer.StatusCode);
            Assert.True(answer.StatusCode is HttpStatusCode.OK or HttpStatusCode.BadRequest, $"{lacks}: {answer}");
            for (var i = 0; i < 3; i++)
                Assert.True(await IsAnsweredAsync(rig, $"client {part} {i}"), lacks);
        }

        // Not all are of one kind: that would be a rig that refuses, or takes, whatever comes.
        Assert.InRange(statuses.Count, 100, 1_000);
        Assert.InRange(statuses.Count(s => s == HttpStatusCode.OK), 20, statuses.Count - 20);
    }

    [Fact]
    public async Task OneThatWasKeptIsSaidToBeNoneAndTheGatewayStarts()
    {
        await using var bank = await Instance.SayingAsync("ok");
        await using var candidate = await Instance.SayingAsync("ok");
        var rig = await Rig.StartAsync();
        await rig.PutAsync(Table(1, bank, candidate));
        await rig.StopAsync();
        var file = Path.Combine(rig.Home, "gateway", "table");
        var kept = await File.ReadAllTextAsync(file);
        Assert.Contains("\"steps\":", kept, StringComparison.Ordinal);
        await File.WriteAllTextAsync(file, kept.Replace("\"steps\":", "\"stairs\":", StringComparison.Ordinal));

        await using var again = await Rig.StartAsync(rig.Home);

        Assert.Equal((0, false), ((await again.TableAsync()).Revision, (await again.TableAsync()).FromDisk));
    }

    /// <summary>Of an instance, or what the gateway says of its own trouble; a fault is a mere 500.</summary>
    static async Task<bool> IsAnsweredAsync(Rig rig, string client)
    {
        try
        {
            var (status, body, _) = await rig.AskAsync(client);
            return (status, body) is (HttpStatusCode.OK, "ok") or (HttpStatusCode.InternalServerError, "no")
                || body.Contains("\"title\"", StringComparison.Ordinal);
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    /// <summary>With all that there may be in one.</summary>
    static RouteTable Table(long revision, Instance bank, Instance candidate)
    {
        var route = Rig.Bank(bank, candidate, slowMicroseconds: 1_000, signals: "declined");
        var guests = new Guests([Guests.Digest(route.Service, "ann")], ["X-Tenant: acme"]);
        var rollout = route.Comparison!.Rollout with
        {
            Probes = [new Probe("/well", 200)],
            Steps = [new StepPlan(new Share(2_500), 100) { Guests = guests }],
        };
        var arm = new Arm(Mark.Parse("bank-3"), [candidate.As(3)], ["declined"], Timeouts.Usual, InFlight.Cut);
        var full = route with
        {
            Comparison = route.Comparison with { Rollout = rollout, Probed = true },
            Surge = new SurgePlan(
                new Rate(1_000, 1),
                new Rate(1_000, 1),
                Concurrency.Adaptive,
                [new PriorityRule("/payments", Priority.High, "POST")]
            ),
            Shadow = new Shadowing(new ReleaseId(8), arm, Shadowed.All with { Paths = ["/quotes"] }),
            Hosts = ["pay.example"],
        };
        var other = Rig.Alone(bank) with
        {
            Service = new ServiceName("cards"),
            Baseline = new Arm(Mark.Parse("cards-1"), [bank.As(4)]),
            Rehearsal = new(new ReleaseId(9), new Arm(Mark.Parse("cards-2"), [bank.As(5)]), null),
        };
        return new RouteTable(revision, null, [full, other]);
    }

    /// <returns>Null where there are no more parts: each is missing once, and null once.</returns>
    static (string Lacks, byte[] Table)? Without(int part, RouteTable table)
    {
        var json = JsonNode.Parse(RouteWire.ToJson(table))!;
        if (Parts(json).ElementAtOrDefault(part / 2) is not { } found)
            return null;
        var (isNull, path) = (part % 2 == 1, found.GetPath());
        if (found.Parent is JsonArray array)
            (array[found.GetElementIndex()], path) = (null, $"{path} is null");
        else if (isNull)
            (found.Parent!.AsObject()[found.GetPropertyName()], path) = (null, $"{path} is null");
        else
            found.Parent!.AsObject().Remove(found.GetPropertyName());
        return (path, Encoding.UTF8.GetBytes(json.ToJsonString()));
    }

    static IEnumerable<JsonNode> Parts(JsonNode? of) =>
        of switch
        {
            JsonObject members => members.SelectMany(m => Itself(m.Value)),
            JsonArray items => items.SelectMany(Itself),
            _ => [],
        };

    static IEnumerable<JsonNode> Itself(JsonNode? node) => node is null ? [] : Parts(node).Prepend(node);
}

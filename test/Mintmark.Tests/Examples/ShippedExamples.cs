using System.Text;
using System.Text.Json.Nodes;
using Mintmark.Releases;
using Mintmark.Tests.Whole;
using Xunit;

namespace Mintmark.Tests.Examples;

/// <summary>
/// The examples on one machine, all shipped at the same time, under requests of their clients. Nothing else is tested
/// meanwhile: a version whose process stands still for others is slow, and rightly taken back.
/// </summary>
[CollectionDefinition(nameof(ShippedExamples), DisableParallelization = true)]
public sealed class ShippedExamples : ICollectionFixture<ShippedExamples>, IAsyncLifetime
{
    private readonly Machine machine = new();
    private readonly CancellationTokenSource stop = new();
    private readonly Dictionary<string, Task<ShippedExample>> shipped = [];

    public async ValueTask InitializeAsync()
    {
        var advisories = Directory.CreateDirectory(Path.Combine(machine.Plane.Home.Root, "advisories"));
        foreach (var file in ExampleTree.Advisories)
            File.Copy(file, Path.Combine(advisories.FullName, Path.GetFileName(file)));
        await machine.InitializeAsync();
        shipped["bank"] = FirstAsync("bank");
        if (Programs.AreThereFor("pricer"))
            shipped["pricer"] = AllAsync("pricer", new PriceRequests().Next);
        if (Programs.AreThereFor("orderdesk"))
            shipped["orderdesk"] = AllAsync("orderdesk", new OrderRequests().Next);
    }

    /// <summary>Skips the test where a program that the example needs is not there.</summary>
    internal Task<ShippedExample> ShippedAsync(string example)
    {
        Programs.Require(example);
        return shipped[example];
    }

    public async ValueTask DisposeAsync()
    {
        // Where a test has failed, nobody waits for the rest.
        await stop.CancelAsync();
        Task all = Task.WhenAll(shipped.Values);
        await all.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await machine.DisposeAsync();
        stop.Dispose();
    }

    private async Task<ShippedExample> FirstAsync(string example)
    {
        using var history = new ExampleHistory(example, machine, stop.Token);
        var first = await history.ShipFirstAsync();
        return new ShippedExample(await ExportAsync(example, 1), new() { ["first"] = first }, []);
    }

    private async Task<ShippedExample> AllAsync(string example, Func<Random, HttpRequestMessage> next)
    {
        var patches = ExampleTree.PatchesOf(example).ToList();
        using var history = new ExampleHistory(example, machine, stop.Token);
        var releases = new Dictionary<string, Release> { ["first"] = await history.ShipFirstAsync() };
        var answers = new List<Answer>();
        await using (var clients = new Clients(machine.Plane.Addresses.Gateway, example, next))
        {
            foreach (var patch in patches)
            {
                history.Apply(patch);
                var release = releases[patch] = await history.ShipAsync(clients);
                if (release.Outcome != Outcome.Promoted)
                    history.Revert();
            }
            answers.AddRange(clients.Take());
        }
        return new ShippedExample(await ExportAsync(example, 2), releases, answers);
    }

    private async Task<string> ExportAsync(string example, int number)
    {
        var folder = Path.Combine(machine.Folder, $"evidence-{example}");
        var said = await machine.MintAsync(machine.Folder, "evidence", "export", $"{example}-{number}", folder);
        Assert.True(said.Exit == 0, $"{said}");
        return folder;
    }
}

/// <param name="Evidence">Folder with what was exported of the newest good version.</param>
/// <param name="Releases">By patch; that of version 1 is called first.</param>
sealed record ShippedExample(string Evidence, Dictionary<string, Release> Releases, IReadOnlyList<Answer> Answers)
{
    /// <summary>Outcome, and the reason of the end or of the first control that refused.</summary>
    public (Outcome? Outcome, string Reason) Of(string patch)
    {
        var release = Releases[patch];
        return (release.Outcome, release.OutcomeReason ?? "");
    }
}

/// <summary>Every bond alike, and the book now and then.</summary>
sealed class PriceRequests
{
    private readonly string[] bonds =
    [
        .. JsonNode
            .Parse(House.Checkout.Text("examples/pricer/data/bonds.json"))!
            .AsArray()
            .Select(bond => (string)bond!["isin"]!),
    ];

    public HttpRequestMessage Next(Random dice) =>
        new(HttpMethod.Get, dice.Next(200) == 0 ? "book" : $"price/{bonds[dice.Next(bonds.Length)]}");
}

/// <summary>Small orders near the reference price, some repeated later, and the blotter now and then.</summary>
sealed class OrderRequests
{
    private const int RepeatedAfter = 100;

    private readonly Lock gate = new();
    private readonly Queue<(string Key, string Ticket)> sent = new();
    private long keys;

    public HttpRequestMessage Next(Random dice)
    {
        if (dice.Next(20) == 0)
            return new HttpRequestMessage(HttpMethod.Get, dice.Next(2) == 0 ? "blotter?limit=10" : "positions");
        var (key, ticket) = Order(dice);
        return new HttpRequestMessage(HttpMethod.Post, "orders")
        {
            Headers = { { "Idempotency-Key", key } },
            Content = new StringContent(ticket, Encoding.UTF8, "application/json"),
        };
    }

    private (string Key, string Ticket) Order(Random dice)
    {
        lock (gate)
        {
            if (sent.Count > RepeatedAfter && dice.Next(10) == 0)
                return sent.Dequeue();
            var order = ($"key-{++keys}", Ticket(dice));
            sent.Enqueue(order);
            if (sent.Count > 10 * RepeatedAfter)
                sent.Dequeue();
            return order;
        }
    }

    /// <summary>The reference price is 101.50, and limits are up to two per cent from it.</summary>
    private static string Ticket(Random dice)
    {
        var cents = dice.Next(9_950, 10_351);
        return new JsonObject
        {
            ["trader"] = $"desk-{dice.Next(50)}",
            ["symbol"] = "ALPS",
            ["side"] = dice.Next(2) == 0 ? "buy" : "sell",
            ["quantity"] = dice.Next(1, 51),
            ["limit"] = $"{cents / 100}.{cents % 100:00}",
        }.ToJsonString();
    }
}

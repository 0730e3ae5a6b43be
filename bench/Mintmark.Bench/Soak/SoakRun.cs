using System.Collections.Concurrent;
using System.Diagnostics;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Mintmark.Bench.Traffic;
using Mintmark.Releases;
using Mintmark.Route;

namespace Mintmark.Bench.Soak;

/// <param name="Rounds">Of the first gateway, which is never replaced; after the round that warms up.</param>
/// <param name="Failures">Of requests whose instance was not killed.</param>
/// <param name="Lost">Payments that were answered and never made.</param>
/// <param name="Doubled">Payments that were made twice.</param>
internal sealed record Soaked(
    IReadOnlyList<Held> Rounds,
    long Asked,
    long Died,
    long Refused,
    IReadOnlyDictionary<Blow, int> Blows,
    IReadOnlyList<string> Failures,
    int Lost,
    int Doubled
);

/// <summary>
/// Everything at once, for long: requests of all kinds at two gateways of a home, and after every so many of them the
/// next blow. After each round the load stops, and what the first gateway still holds is measured.
/// </summary>
internal sealed class SoakRun : IAsyncDisposable
{
    /// <summary>Connections to instances are kept idle for less: by HTTP/2 up to 1.8 s.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2.2);

    private readonly string home;
    private readonly Random dice;
    private readonly int between;
    private readonly ConcurrentDictionary<InstanceId, byte> dead = [];
    private readonly ConcurrentDictionary<string, int> payments = new();
    private readonly ConcurrentQueue<string> failures = new();
    private readonly Dictionary<Blow, int> struck = [];
    private readonly Halting halting = new();
    private readonly List<SoakInstance> serving = [];
    private readonly List<SoakGateway> gateways = [];
    private SoakInstance? candidate;
    private Task replacing = Task.CompletedTask;
    private bool isWatched = true;
    private bool isReplacementDue;
    private int instances;
    private int tables;

    private SoakRun(string home, int seed, int between) =>
        (this.home, dice, this.between) = (home, new Random(seed), between);

    /// <param name="sets">Of blows, in each round.</param>
    /// <param name="between">Requests from one blow to the next.</param>
    /// <param name="goesOn">Whether after these rounds another one follows; none before the first is over.</param>
    public static async Task<Soaked> RunAsync(int seed, int sets, int between, Func<IReadOnlyList<Held>, bool> goesOn)
    {
        var home = Directory.CreateTempSubdirectory("mintmark-soak-").FullName;
        await using var soak = new SoakRun(home, seed, between);
        for (var i = 0; i < 2; i++)
            soak.serving.Add(await soak.NextInstanceAsync());
        soak.candidate = await soak.NextInstanceAsync(HttpProtocols.Http2);
        await SelfSigned.WriteAsync(Path.Combine(home, SoakGateway.Certificate), Path.Combine(home, SoakGateway.Key));
        foreach (var name in new[] { null, "second" })
            soak.gateways.Add(await SoakGateway.StartAsync(home, name, soak.failures.Enqueue));
        return await soak.RunAsync(sets, goesOn);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var gateway in gateways)
            await gateway.DisposeAsync();
        foreach (var instance in serving.Append(candidate).OfType<SoakInstance>())
            await instance.DisposeAsync();
        Directory.Delete(home, recursive: true);
    }

    private async Task<Soaked> RunAsync(int sets, Func<IReadOnlyList<Held>, bool> goesOn)
    {
        using var clients = new SoakClients(
            [.. gateways.Select(g => new SoakDoors(g.Port, g.H2cPort, g.TlsPort))],
            dead,
            halting,
            failures
        );
        var rounds = new List<Held>();
        var (before, asked) = (await HeldAsync(clients, sets), clients.AskedOf(0));
        do
        {
            var held = await HeldAsync(clients, sets);
            var allocated = (held.AllocatedMegabytes - before.AllocatedMegabytes) * 1e6;
            rounds.Add(held with { BytesPerRequest = allocated / (clients.AskedOf(0) - asked) });
            (before, asked) = (held, clients.AskedOf(0));
        } while (goesOn(rounds));
        return new Soaked(
            rounds,
            clients.Asked,
            clients.Died,
            clients.Refused,
            struck,
            [.. failures],
            clients.Paid.Count(payment => !payments.ContainsKey(payment)),
            payments.Count(payment => payment.Value > 1)
        );
    }

    /// <summary>After one round.</summary>
    private async Task<Held> HeldAsync(SoakClients clients, int sets)
    {
        await RoundAsync(clients, sets);
        await Task.Delay(Pause, CancellationToken.None);
        return await gateways[0].HeldAsync();
    }

    private async Task RoundAsync(SoakClients clients, int sets)
    {
        using var over = new CancellationTokenSource();
        await PutAsync();
        var load = clients.RunAsync(over.Token);
        try
        {
            foreach (var blow in Blows.Round(dice, sets))
            {
                // Where the load has broken off there is nobody to wait for.
                await await Task.WhenAny(clients.AskedAsync(between), load);
                await StrikeAsync(blow, clients);
            }
            await replacing;
        }
        finally
        {
            await over.CancelAsync();
            await load;
        }
    }

    private async Task StrikeAsync(Blow blow, SoakClients clients)
    {
        struck[blow] = struck.GetValueOrDefault(blow) + 1;
        switch (blow)
        {
            case Blow.Death:
                await ReplaceInstanceAsync();
                break;
            case Blow.Halt:
                halting.Begin();
                break;
            case Blow.Resume:
                halting.BeginToLift();
                break;
            case Blow.Kill:
                await KillAsync();
                return;
            case Blow.Return:
                gateways.ForEach(gateway => gateway.Find());
                isWatched = true;
                break;
            case Blow.Replace:
                await replacing;
                isReplacementDue = true;
                break;
            case Blow.Table:
                break;
            default:
                throw new UnreachableException($"{blow}");
        }
        if (!isWatched)
            return;
        if (isReplacementDue)
        {
            isReplacementDue = false;
            // Tables and other blows go on meanwhile.
            replacing = gateways[^1].ReplaceAsync();
        }
        await PutAsync();
        // Until the table says so, requests go to who is dead.
        clients.Buried = dead.Count;
    }

    private async Task KillAsync()
    {
        // Who starts a process is the control plane: it would die with it.
        await replacing;
        isWatched = false;
        var half = Table();
        foreach (var gateway in gateways)
            await gateway.LoseAsync(half);
    }

    /// <summary>As a control plane does: first it dies, then the table says so and names another.</summary>
    private async Task ReplaceInstanceAsync()
    {
        var (dying, fresh) = (serving[0], await NextInstanceAsync());
        dead[dying.Id] = 0;
        await dying.KillAsync();
        serving.RemoveAt(0);
        serving.Add(fresh);
        await dying.DisposeAsync();
    }

    private Task<SoakInstance> NextInstanceAsync(HttpProtocols speaks = HttpProtocols.Http1) =>
        SoakInstance.StartAsync(new(++instances), speaks, payments);

    /// <summary>Comes back when it is in force at both, with what it says of a halt.</summary>
    private async Task PutAsync()
    {
        var wanted = halting.Now;
        var table = Table();
        await Task.WhenAll(gateways.Select(gateway => gateway.PutAsync(table)));
        if (table.Services[0].Halted is null)
            halting.Lift();
        else if (wanted.Confirmed == 0)
            halting.Confirm();
    }

    private RouteTable Table()
    {
        tables++;
        var bank = new ServiceName("bank");
        var share = new Share(tables % 3 * 2_500);
        var fresh = new Arm(Mark.Parse("bank-2"), [candidate!.Target], Protocol: Protocol.H2c);
        var rollout = new RolloutPlan([new StepPlan(share, 1)], 0.000_001m, 2, 1);
        var compared = new Comparison(
            new ReleaseId(2),
            0,
            share,
            fresh,
            ByName<long>.Empty,
            ByName<decimal>.Empty,
            [],
            rollout,
            []
        );
        var baseline = new Arm(Mark.Parse("bank-1"), [.. serving.Select(s => s.Target)]);
        var halted = halting.IsWanted ? "soak" : null;
        var copied = new ShadowPlan(new Share(Share.Whole), 1, 1, ShadowPlan.SafeMethods);
        var route = new ServiceRoute(bank, halted, baseline, compared);
        if (share.BasisPoints == 0)
            route = route with { Comparison = null, Shadow = new(new ReleaseId(2), fresh, copied) };
        return new RouteTable(tables, null, [route]);
    }
}

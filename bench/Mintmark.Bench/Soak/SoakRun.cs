using System.Collections.Concurrent;
using Mintmark.Releases;
using Mintmark.Route;

namespace Mintmark.Bench.Soak;

/// <summary>What a gateway holds while nobody asks for anything.</summary>
internal sealed record Held(double HeapMegabytes, double ResidentMegabytes, int Descriptors, int Threads);

/// <param name="Rounds">After the first, which warms up.</param>
/// <param name="Failures">Of requests whose instance was not killed.</param>
/// <param name="Lost">Payments that were answered and never made.</param>
/// <param name="Doubled">Payments that were made twice.</param>
internal sealed record Soaked(
    IReadOnlyList<Held> Rounds,
    long Asked,
    long Died,
    int Deaths,
    int Swaps,
    IReadOnlyList<string> Failures,
    int Lost,
    int Doubled
);

/// <summary>
/// Everything at once, for long: requests of all kinds, a table every 100 ms, an instance that dies every second. After
/// each round the load stops, and what the gateway still holds is measured.
/// </summary>
internal sealed class SoakRun : IAsyncDisposable
{
    private const int SwapMilliseconds = 100;
    private const int SwapsToADeath = 10;

    /// <summary>Connections to instances are kept idle for less.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1.6);

    private readonly ConcurrentDictionary<InstanceId, byte> dead = [];
    private readonly GatewayProcess gateway;
    private readonly SoakInstance candidate;
    private readonly List<SoakInstance> serving;
    private int instances = 3;
    private int swaps;

    private SoakRun(GatewayProcess gateway, SoakInstance candidate, List<SoakInstance> serving) =>
        (this.gateway, this.candidate, this.serving) = (gateway, candidate, serving);

    public static async Task<Soaked> RunAsync(TimeSpan round, int rounds)
    {
        await using var gateway = await GatewayProcess.StartAsync();
        var payments = new ConcurrentDictionary<string, int>();
        await using var soak = new SoakRun(
            gateway,
            await SoakInstance.StartAsync(new(3), payments),
            [await SoakInstance.StartAsync(new(1), payments), await SoakInstance.StartAsync(new(2), payments)]
        );
        return await soak.RunAsync(round, rounds, payments);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var instance in serving.Append(candidate))
            await instance.DisposeAsync();
    }

    private async Task<Soaked> RunAsync(TimeSpan round, int rounds, ConcurrentDictionary<string, int> made)
    {
        using var clients = new SoakClients(gateway.Port, dead);
        var held = new List<Held>();
        for (var i = 0; i <= rounds; i++)
        {
            using var over = new CancellationTokenSource(round);
            await PutAsync();
            await Task.WhenAll(clients.RunAsync(over.Token), MoveAsync(clients, made, over.Token));
            await Task.Delay(Pause, CancellationToken.None);
            if (i > 0)
                held.Add(await gateway.HeldAsync());
        }
        return new Soaked(
            held,
            clients.Asked,
            clients.Died,
            dead.Count,
            swaps,
            [.. clients.Failures],
            clients.Paid.Count(payment => !made.ContainsKey(payment)),
            made.Count(payment => payment.Value > 1)
        );
    }

    private async Task MoveAsync(SoakClients clients, ConcurrentDictionary<string, int> made, CancellationToken ct)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(SwapMilliseconds));
        try
        {
            while (await timer.WaitForNextTickAsync(ct))
            {
                if (swaps % SwapsToADeath == 0)
                    await ReplaceAsync(made);
                await PutAsync();
                // Until the table says so, requests go to who is dead.
                clients.Buried = dead.Count;
            }
        }
        catch (OperationCanceledException) { }
    }

    /// <summary>As a control plane does: first it dies, then the table says so and names another.</summary>
    private async Task ReplaceAsync(ConcurrentDictionary<string, int> made)
    {
        var (dying, fresh) = (serving[0], await SoakInstance.StartAsync(new(++instances), made));
        dead[dying.Id] = 0;
        await dying.KillAsync();
        serving.RemoveAt(0);
        serving.Add(fresh);
        await dying.DisposeAsync();
    }

    private Task PutAsync()
    {
        swaps++;
        var bank = new ServiceName("bank");
        var share = new Share(swaps % 3 * 2_500);
        var rollout = new RolloutPlan([new StepPlan(share, 1)], 0.000_001m, 2, 1);
        var compared = new Comparison(
            new ReleaseId(2),
            0,
            share,
            new Arm(Mark.Parse("bank-2"), [candidate.Target]),
            ByName<long>.Empty,
            ByName<decimal>.Empty,
            [],
            rollout,
            []
        );
        var baseline = new Arm(Mark.Parse("bank-1"), [.. serving.Select(s => s.Target)]);
        return gateway.PutAsync(
            new RouteTable(
                swaps,
                null,
                [new ServiceRoute(bank, null, baseline, share.BasisPoints == 0 ? null : compared)]
            )
        );
    }
}

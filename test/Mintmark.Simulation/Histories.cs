using Mintmark.Log;
using Mintmark.Releases;
using Mintmark.Watch;

namespace Mintmark.Simulation;

/// <param name="Root">Of the log at the end; equal seeds give equal roots.</param>
internal sealed record Ending(
    string Name,
    IReadOnlyList<string> Breaches,
    string Root,
    int Appends,
    int Kills,
    int Releases
);

/// <summary>What happens in a world.</summary>
internal static class Histories
{
    private static readonly Actor Somebody = new("somebody");
    private static readonly string[] Names = ["bank", "desk"];

    /// <summary>Requests to each service in a moment.</summary>
    private const int Busy = 20;

    /// <summary>
    /// Everything at random: releases of every fate, halts, freezes, rollbacks, deaths, kills, a full disk.
    /// </summary>
    public static Ending AtRandom(int seed)
    {
        var world = new World(seed, unreliable: 10, gateways: 1 + seed % 3);
        world.Disk.Fault = _ =>
            world.Dice.Next(400) switch
            {
                0 => AppendFault.KilledBefore,
                1 => AppendFault.KilledAfter,
                2 or 3 => AppendFault.DiskFull,
                _ => AppendFault.None,
            };
        for (var i = 0; i < 6_000; i++)
        {
            Befall(world);
            People.Speak(world);
            world.Pass();
        }
        Settle(world);
        return End($"seed {seed}", world);
    }

    /// <summary>A good release and a bad one, with one fault at one append.</summary>
    public static Ending WithFault(int append, AppendFault fault, Fate second, string service)
    {
        var world = new World(seed: 1, unreliable: 0);
        world.Disk.Fault = number => number == append ? fault : AppendFault.None;
        foreach (var fate in (Fate[])[Fate.Good, second])
        {
            var asked = world.State.Releases.Count;
            while (world.State.Releases.Count == asked)
            {
                Ship(world, service, fate);
                world.Pass();
            }
            for (var i = 0; i < 3_000 && world.State.Open().Any(); i++)
                world.Pass();
        }
        Settle(world);
        if (world.State.Open().Any())
            world.Breaches.Add("a release has not ended");
        var last = world.State.Releases.Values.Last();
        var expected = second == Fate.Good ? Outcome.Promoted : Outcome.RolledBack;
        // A build that cannot tell its outcome fails, and is asked for again by whoever made room on the disk.
        var excused = fault == AppendFault.DiskFull && last.Outcome == Outcome.Failed;
        if (last.Outcome != expected && !excused)
            world.Breaches.Add($"{last.Id} ended as {last.Outcome}: {last.OutcomeReason}");
        return End($"{fault} at append {append}, then {second.Name} of {service}", world);
    }

    /// <summary>No client ever comes: what becomes of the second version, probes decide.</summary>
    public static Ending Quiet(int seed, Fate second)
    {
        var world = new World(seed, unreliable: 10) { Requests = 0 };
        foreach (var fate in (Fate[])[Fate.Good, second])
        {
            var asked = world.State.Releases.Count;
            while (world.State.Releases.Count == asked)
            {
                Ship(world, "bank", fate);
                world.Pass();
            }
            for (var i = 0; i < 9_000 && world.State.Open().Any(); i++)
            {
                if (world.Dice.Next(300) == 0)
                    world.Kill(world.Dice.Next(50));
                if (world.Dice.Next(300) == 0)
                    world.Gateways[0].Restart();
                world.Pass();
            }
        }
        var last = world.State.Releases.Values.Last();
        if (last.Outcome != (second == Fate.Good ? Outcome.Promoted : Outcome.RolledBack))
            world.Breaches.Add($"{last.Id} is {last.Phase}, {last.Outcome}: {last.OutcomeReason}");
        var ramp = last.Steps.Take(2).Select(s => s.Total()).ToList();
        if (!ramp.TrueForAll(s => s.Candidate.Probes == s.Candidate.Requests && s.Candidate.Requests > 0))
            world.Breaches.Add($"{last.Id} was not judged by probes");
        Settle(world);
        return End($"no clients, seed {seed}, {second.Name}", world);
    }

    private static void Befall(World world)
    {
        var dice = world.Dice;
        var service = Names[dice.Next(Names.Length)];
        var name = new ServiceName(service);
        switch (dice.Next(1_000))
        {
            case < 12:
                Ship(world, service, Fate.All[dice.Next(Fate.All.Count)]);
                break;
            case < 14:
                Ask(world, new Command.Halt(dice.Next(4) == 0 ? null : name, "drill"));
                break;
            case < 22:
                Ask(world, new Command.Resume(dice.Next(2) == 0 ? null : name, "over"));
                break;
            case < 24:
                Ask(world, new Command.Freeze(dice.Next(4) == 0 ? null : name, "holiday"));
                break;
            case < 32:
                Ask(world, new Command.Thaw(dice.Next(2) == 0 ? null : name, "over"));
                break;
            case < 35:
                Ask(world, new Command.Rollback(name, Target(world, name), "doubt"));
                break;
            case < 39:
                world.Machine.Strike(dice);
                break;
            case < 40:
                Any(world).Restart();
                break;
            case < 43:
                world.Kill(dice.Next(50));
                break;
            case < 44:
                world.Requests = dice.Next(2) * Busy;
                break;
            case < 46 when world.Gateways.Count > 1:
                Any(world).AwayFor = dice.Next(40);
                break;
            case < 47:
                world.Clock.SetWrong(TimeSpan.FromSeconds(dice.Next(-60, 61)));
                break;
        }
    }

    private static SimulatedGateway Any(World world) => world.Gateways[world.Dice.Next(world.Gateways.Count)];

    private static Mark? Target(World world, ServiceName name)
    {
        var good = world.State.Find(name)?.Good;
        return good is { IsEmpty: false } && world.Dice.Next(2) == 0 ? good[world.Dice.Next(good.Count)] : null;
    }

    /// <param name="by">Null for whoever has the home's token.</param>
    internal static void Ship(World world, string service, Fate fate, Actor? by = null, bool emergency = false)
    {
        var manifest = new Manifest(
            new ServiceName(service),
            service == "bank" ? "consumer-banking" : "automated-trading",
            new BuildPlan("make", 60),
            new SuitePlan("smoke", "smoke.xml", 60),
            new SuitePlan("full", "full.xml", 60),
            new RunPlan("run", 1 << 28, 1024),
            new HealthPlan("/health", 10),
            "/invariants",
            [],
            new RolloutPlan(
                [new(new Share(500), 100), new(new Share(2_500), 400)],
                0.0001m,
                2m,
                GuardSeconds: 3,
                service == "bank" ? WithoutEvidence.Probe : WithoutEvidence.Wait,
                PatienceSeconds: 5,
                Holdback: new Share(service == "bank" ? 1_000 : 0),
                Probes: service == "bank" ? [new Probe("/accounts/demo", 200)] : null,
                Shadow: service == "bank"
                    ? null
                    : new ShadowPlan(new Share(5_000), 60, WithinSeconds: 3, ShadowPlan.SafeMethods),
                WarmUpSeconds: 1
            )
        );
        Ask(
            world,
            new Command.Ship(
                new Source("/repository", new string('c', 40), new string('7', 40), "an author", fate.Name),
                manifest,
                "simulated",
                emergency
            ),
            by
        );
    }

    internal static void Ask(World world, Command command, Actor? by = null) =>
        world.Live(plane => plane.Execute(command, by ?? Somebody));

    /// <summary>No more faults, holds or wishes: everything must come to rest.</summary>
    private static void Settle(World world)
    {
        world.Disk.Fault = _ => AppendFault.None;
        world.Unreliable = 0;
        world.Requests = Busy;
        world.Clock.SetWrong(TimeSpan.Zero);
        for (var i = 0; i < 35; i++)
            world.Pass();
        Ask(world, new Command.Resume(null, "over"));
        Ask(world, new Command.Thaw(null, "over"));
        People.Settle(world);
        foreach (var name in Names.Where(n => world.State.Find(new ServiceName(n)) is not null))
        {
            Ask(world, new Command.Resume(new ServiceName(name), "over"));
            Ask(world, new Command.Thaw(new ServiceName(name), "over"));
        }
        for (var i = 0; i < 3_000 && (i < 30 || world.State.Open().Any()); i++)
        {
            if (i % 10 == 0)
                People.Settle(world);
            world.Pass();
        }
        // Enough for whatever is on its way out: nothing is in flight, and every instance obeys.
        // An instance that comes and goes for ever may have come in the last moment: then one more tells the gateway.
        for (var i = 0; i < 60 || (i < 70 && !Checks.IsRouted(world)); i++)
            world.Pass();
        // Where the version that serves is bad, the next one waits for its incident's end, or for a person.
        if (world.State.Open().FirstOrDefault(r => !Why(world, r).StartsWith("shared incident", default)) is { } stuck)
            world.Breaches.Add($"{stuck.Id} is stuck, {stuck.Phase}: {Why(world, stuck)}");
    }

    private static string Why(World world, Release release) =>
        release.Phase < Phase.Starting
            ? "it does not start"
            : Verdicts.Of(world.State, release, world.Clock.GetUtcNow(), world.Clock.GetUtcNow()).Reason;

    private static Ending End(string name, World world)
    {
        Checks.AtTheEnd(world);
        var tree = new MerkleTree();
        foreach (var entry in world.Disk.Entries)
            tree.Append(entry.Leaf);
        return new Ending(
            name,
            [.. world.Breaches.Distinct().Take(5)],
            tree.Root.ToString(),
            world.Disk.Appends,
            world.Kills,
            world.State.Releases.Count
        );
    }
}

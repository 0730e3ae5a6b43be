using System.Security.Cryptography;
using System.Text;
using Mintmark.Releases;

namespace Mintmark.Simulation;

/// <summary>
/// Persons with tokens of their own: they ship, approve, decline, review, enforce and relax at random, each also what
/// is none of his to say.
/// </summary>
internal static class People
{
    private static readonly Actor Home = new("somebody");

    private static readonly (string Name, Role[] Roles)[] Team =
    [
        ("ann", [Role.Engineer]),
        ("app", [Role.Approver]),
        ("both", [Role.Engineer, Role.Approver]),
        ("dot", [Role.DutyOfficer]),
    ];

    private static readonly string[] Services = ["bank", "desk"];

    private static readonly string[] Enforceable =
    [
        "approved-by-another",
        "requester-known",
        Trials.KillRehearsed,
        Trials.OneDigest,
    ];

    public static void Speak(World world)
    {
        // Dice of their own: what befalls the world otherwise stays what it was.
        var dice = world.PeoplesDice;
        if (world.State.Persons.Count < Team.Length)
        {
            var (name, roles) = Team[world.State.Persons.Count];
            Histories.Ask(world, new Command.AddPerson(new(name), roles, Token(name), [], "joins"), Home);
            return;
        }
        var by = new Actor(Team[dice.Next(Team.Length)].Name);
        var service = new ServiceName(Services[dice.Next(Services.Length)]);
        var waiting = world.State.Open().LastOrDefault(r => r.Phase == Phase.Gating)?.Id;
        switch (dice.Next(1_000))
        {
            case < 3:
                Histories.Ship(world, service.Value, Fate.All[dice.Next(Fate.All.Count)], by);
                break;
            case < 4:
                Histories.Ship(world, service.Value, Fate.All[dice.Next(2)], by, emergency: true);
                break;
            case < 60 when waiting is { } release:
                Histories.Ask(world, new Command.Approve(release, null, "looks right"), by);
                break;
            case < 63 when waiting is { } release:
                Histories.Ask(world, new Command.Decline(release, null, "not now"), by);
                break;
            case < 68 when world.State.Find(service) is { Emergencies: [var emergency, ..] }:
                Histories.Ask(world, new Command.ReviewEmergency(emergency, "looked at"), by);
                break;
            case < 70:
                Histories.Ask(world, new Command.Enforce(service, Some(dice), "from now on"), by);
                break;
            case < 71:
                var now = world.Clock.GetUtcNow();
                var until = now.AddSeconds(1 + dice.Next(60));
                Histories.Ask(world, new Command.Observe(service, Some(dice), until, now, "for a while"), by);
                break;
        }
    }

    /// <summary>Nobody is awaited for ever: what waits is declined, what was an emergency is looked at.</summary>
    public static void Settle(World world)
    {
        foreach (var release in world.State.Open().Where(r => r.Phase == Phase.Gating).ToList())
            Histories.Ask(world, new Command.Decline(release.Id, null, "over"), new Actor("app"));
        foreach (var (name, _) in Team)
        foreach (var service in world.State.Services.Values)
        foreach (var emergency in service.Emergencies)
            Histories.Ask(world, new Command.ReviewEmergency(emergency, "over"), new Actor(name));
    }

    private static string[] Some(Random dice) => [Enforceable[dice.Next(Enforceable.Length)]];

    private static string Token(string name) =>
        "sha256:" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(name)));
}

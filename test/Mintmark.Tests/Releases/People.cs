using Mintmark.Releases;
using static Mintmark.Tests.Releases.Bank;

namespace Mintmark.Tests.Releases;

/// <summary>Persons of a bank where two say yes: each has the one role of its name, and a token.</summary>
static class People
{
    public const string Engineer = "erin";
    public const string Approver = "adam";
    public const string Other = "olga";
    public const string Duty = "dora";
    public const string Auditor = "aude";

    public static readonly Actor Home = new("root");

    public static string Digest(char of) => "sha256:" + new string(of, 64);

    public static Event.PersonAdded Added(string name, params IReadOnlyList<Role> roles) =>
        new(new(name), roles, Digest('0'), [$"{name}@"], Why);

    public static IEnumerable<Event> All =>
        [
            Added(Engineer, Role.Engineer),
            Added(Approver, Role.Approver),
            Added(Other, Role.Approver),
            Added(Duty, Role.DutyOfficer),
            Added(Auditor, Role.Auditor),
        ];

    /// <summary>The team is there, and release 1, by the engineer, waits at the gate.</summary>
    public static State AtTheGate(bool emergency = false) =>
        By(
            Engineer,
            Story.Given(All),
            ShipRequested(1) with
            {
                Emergency = emergency,
            },
            Built(1),
            new Event.GateWaits(Release(1), [Passed, Asked], "sha256:p")
        );

    public static State By(string name, State state, params IEnumerable<Event> events) =>
        Story.AfterBy(new Actor(name), state, events);

    /// <summary>An emergency release that came into service by two persons, and out of its guard.</summary>
    public static State AfterAnEmergency() =>
        By(
            "mintmark",
            By(Duty, AtTheGate(emergency: true), new Event.ReleaseApproved(Release(1), Built(1).Artifact.Digest, Why)),
            [
                new Event.GateDecided(Release(1), [Passed], "sha256:p"),
                new Event.ReleaseAdmitted(Release(1), null),
                .. Healthy(1, 1),
                Promoted(1),
                GuardEnded(1),
            ]
        );
}

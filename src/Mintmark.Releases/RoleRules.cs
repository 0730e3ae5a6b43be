using System.Diagnostics;
using static Mintmark.Releases.Decision;

namespace Mintmark.Releases;

/// <summary>
/// What each role may say. Whoever bears the home's token may say all but what is one person's word about another's
/// work: that needs a person.
/// </summary>
internal static class RoleRules
{
    public const string RoleNeeded = "role-needed";

    public static Refused? Decide(State state, Command.Person command, Actor by)
    {
        var (roles, ofPersons) = For(state, command);
        var what = Decider.NameOf(command);
        if (state.PersonOf(by) is not { } person)
        {
            return ofPersons
                ? new(
                    "person-needed",
                    $"{what} is for persons with their own tokens who are {Duties.Names(roles)}: {Who(state, roles)}"
                )
                : null;
        }
        if (person.RemovedAt is not null)
            return new("person-removed", $"{person.Name} was removed, and may say nothing here any more");
        if (roles.Any(person.Has))
            return null;
        var has = person.RolesSince.IsEmpty ? "no role" : string.Join(" and ", person.Roles.Select(Duties.Name));
        return roles.Count == 0
            ? new(RoleNeeded, $"{what} is for whoever has the home's own token; {person.Name} is {has}")
            : new(RoleNeeded, $"{what} is for {Duties.Names(roles)}, {person.Name} is {has}: {Who(state, roles)}");
    }

    /// <returns>The roles that may say it, none where only the home's token may; and whether only persons
    /// may.</returns>
    private static (IReadOnlyList<Role> Roles, bool OfPersons) For(State state, Command.Person command) =>
        command switch
        {
            Command.Ship c => ([Role.Engineer], c.Emergency),
            Command.Wants { What: Wish.Ship } => ([Role.Engineer], false),
            Command.Wants { What: Wish.ShipInEmergency } => ([Role.Engineer], true),
            Command.Review or Command.Wants { What: Wish.Review } => ([Role.Engineer, Role.Approver], true),
            Command.Approve c => (Consenting(state, c.Release), true),
            Command.Decline c => (Consenting(state, c.Release), true),
            Command.ReviewEmergency => ([Role.DutyOfficer, Role.Approver], true),
            Command.Rollback or Command.Halt or Command.Wants { What: Wish.FetchAdvisories } => (
                [Role.Engineer, Role.Approver, Role.DutyOfficer],
                false
            ),
            Command.Resume or Command.Freeze or Command.Thaw => ([Role.DutyOfficer], false),
            Command.Advance => ([Role.Approver, Role.DutyOfficer], false),
            Command.Enforce or Command.Observe or Command.RetireCase => ([Role.Approver], false),
            Command.EraseAuthor or Command.AddPerson or Command.ChangePerson or Command.RemovePerson => ([], false),
            _ => throw new UnreachableException(command.GetType().Name),
        };

    private static IReadOnlyList<Role> Consenting(State state, ReleaseId id) =>
        state.Releases.GetValueOrDefault(id) is { } release ? Duties.Consenting(release) : [Role.Approver];

    private static string Who(State state, IReadOnlyList<Role> roles)
    {
        var who = Duties.Having(state, roles);
        return who.Count == 0
            ? $"nobody is; add one with: mint person add NAME --role {Duties.Name(roles[0])}"
            : string.Join(", ", who);
    }
}

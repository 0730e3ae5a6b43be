using System.Diagnostics;
using Mintmark.Releases;

namespace Mintmark.Gate;

/// <summary>Holds a version to a policy. Pure: the same state, policy and time give the same results.</summary>
public static class Controls
{
    public const string NotFrozen = "not-frozen";
    private const string NotHalted = "not-halted";
    private const string EmergencyReviewed = "emergency-reviewed";
    private const string EmergencyConsented = "emergency-consented";
    internal const string ProfileUnchanged = "profile-unchanged";

    /// <summary>
    /// Each control of the policy with what was found. The floor is always enforced; of the others those are that the
    /// service enforces. The rest is observed and never refuses.
    /// </summary>
    public static IReadOnlyList<ControlResult> Judge(State state, Release release, Policy policy, DateTimeOffset now)
    {
        var subject = new Subject(state, release, state.Versions[release.Mark], now);
        return
        [
            .. from demand in policy.Demands
            where IsAbout(demand.Control, release)
            let found = Find(subject, demand)
            let enforced = IsEnforced(subject, demand.Control)
            select Result(demand, found, enforced),
        ];
    }

    /// <summary>Whether it decides over the release, and is not only observed.</summary>
    internal static bool IsEnforced(Subject subject, Control control) =>
        control.Floor
        // Both halves of an emergency's list are for emergencies: what is on it holds.
        || subject.Release.Emergency
        || Duties.IsEnforced(subject.State, subject.Release.Service, control.Id, subject.Release, subject.Now);

    private static bool IsAbout(Control control, Release release) =>
        control.Id switch
        {
            EmergencyConsented => release.Emergency,
            EmergencyReviewed => !release.Emergency,
            _ => true,
        };

    private static ControlResult Result(Demand demand, Found found, bool enforced)
    {
        var relaxed = demand.Relaxed is { } by ? $" [{demand.Text()} by {by.By} until {by.Until:yyyy-MM-dd}]" : "";
        Standing? standing =
            !enforced ? Standing.Observed
            : demand.Control.When == When.Nobody ? Standing.NotCovered
            : demand.Control.When == When.Later ? Standing.Later
            : found.Awaited ? Standing.Awaited
            : null;
        return new(demand.Control.Id, found.Passed, found.Reason + relaxed, standing, found.Remedy);
    }

    private static Found Find(Subject subject, Demand demand) =>
        demand.Control.When switch
        {
            When.Nobody => Found.No($"not covered: {demand.Control.Decided}"),
            When.Later => Found.Yes("shown on the running candidate before it has any traffic"),
            When.People => OfPeople(subject, demand),
            When.Gate => OfBuild(subject, demand),
            _ => throw new UnreachableException($"{demand.Control.When}"),
        };

    private static Found OfPeople(Subject subject, Demand demand) =>
        demand.Control.Id switch
        {
            EmergencyReviewed => Holding(subject, EmergencyReviewed),
            EmergencyConsented => PeopleControls.Consented(subject),
            "reviewed-by-another" => PeopleControls.Reviewed(subject, (int)demand.Set["reviewers"]),
            "approved-by-another" => PeopleControls.Approved(subject, (int)demand.Set["approvers"]),
            "configuration-reviewed" => PeopleControls.ConfigurationReviewed(subject),
            ProfileUnchanged => PeopleControls.ProfileUnchanged(subject),
            _ => throw new UnreachableException(demand.Control.Id),
        };

    private static Found OfBuild(Subject subject, Demand demand) =>
        demand.Control.Id switch
        {
            "smoke-suite-passed" => BuildControls.Suite(subject, "smoke"),
            "full-suite-passed" => BuildControls.Suite(subject, "full"),
            "working-tree-clean" => BuildControls.Clean(subject),
            "artifact-stored" => BuildControls.Stored(subject),
            "commits-signed" => BuildControls.Signed(subject),
            "build-reproducible" => BuildControls.Reproducible(subject),
            "evidence-fresh" => BuildControls.Fresh(subject, demand.Set["age"], Text(demand, "age")),
            "components-listed" => ComponentControls.Listed(subject),
            "components-audited" => ComponentControls.Audited(subject, demand.Set["severity"]),
            "advisories-named" => ComponentControls.Named(subject),
            "components-supported" => ComponentControls.Supported(subject),
            "secrets-absent" => ComponentControls.Secrets(subject),
            "requirements-linked" => SourceControls.Linked(subject),
            "requirements-verified" => SourceControls.Verified(subject),
            "cases-present" => SourceControls.CasesPresent(subject),
            "rollback-target" => SourceControls.RollbackTarget(subject),
            "requester-known" => PeopleControls.RequesterKnown(subject),
            "model-validated" => ModelControls.Validated(subject, demand.Set["age"], Text(demand, "age")),
            NotFrozen or NotHalted => Holding(subject, demand.Control.Id),
            _ => throw new UnreachableException(demand.Control.Id),
        };

    private static Found Holding(Subject subject, string control)
    {
        var held = Decider.Holding(subject.State, subject.Release).First(c => c.Control == control);
        return new(held.Passed, held.Reason, held.Remedy);
    }

    private static string Text(Demand demand, string parameter) =>
        demand.Control.Find(parameter)!.Text(demand.Set[parameter]);
}

using Mintmark.Gate;
using Mintmark.Releases;

namespace Mintmark.Cli;

/// <summary>Each control of a profile, held against what a repository shows before it is ever shipped.</summary>
/// <param name="advisories">Findings in its components; null where the home has no advisories.</param>
internal sealed class Assessment(RepositoryFacts facts, int? advisories)
{
    private const string Ship = "mint ship";
    private const string Init = "mint init, then commit mint.yaml";

    public static List<Readiness> Of(RepositoryFacts facts, Policy policy, int? advisories)
    {
        var assessment = new Assessment(facts, advisories);
        return
        [
            .. from demand in policy.Demands
            let at = assessment.Of(demand)
            select new Readiness(demand.Control.Id, at.State, at.Found, at.Step, demand.Control.Floor),
        ];
    }

    private Manifest? Manifest => facts.Manifest;

    private At Of(Demand demand) =>
        demand.Control.When switch
        {
            When.Nobody => new(Ready.NotCovered, demand.Control.Decided, null),
            When.Later => WithManifest("shown on each candidate before it has any traffic", Enforce(demand.Control)),
            _ => OfEvidence(demand),
        };

    private At OfEvidence(Demand demand) =>
        demand.Control.Id switch
        {
            "smoke-suite-passed" or "full-suite-passed" => Suites(),
            "working-tree-clean" => Clean(),
            "components-listed" => Listed(),
            "components-audited" => Audited(),
            "advisories-named" => Advisories(),
            "secrets-absent" => Secrets(),
            "rollback-target" => Database(),
            "requirements-linked" => Linked(),
            "requirements-verified" or "cases-present" => Cases(),
            "reviewed-by-another" or "configuration-reviewed" => Reviewed(demand),
            "approved-by-another" => Persons(demand, "approver"),
            "requester-known" => Persons(demand, "engineer"),
            "commits-signed" => Signed(),
            "build-reproducible" => Reproducible(),
            "model-validated" => Validated(),
            "not-frozen" or "not-halted" or "profile-unchanged" or "emergency-reviewed" or "emergency-consented" => new(
                Ready.Holds,
                "nothing stands against it",
                null
            ),
            _ => WithManifest("each build makes the evidence", Ship),
        };

    /// <summary>What Mintmark does by itself once it knows how the service is built.</summary>
    private At WithManifest(string found, string step) =>
        Manifest is not null ? new(Ready.OneStep, found, step)
        : facts.ManifestProblems is [{ Line: > 0 } first, ..]
            ? new(Ready.More, $"mint.yaml is refused: {first}", $"mend it, then {step}")
        : new(Ready.More, $"{found}; there is no mint.yaml", $"{Init}, then {step}");

    private At Suites() =>
        Manifest is { } manifest ? new(Ready.OneStep, $"mint.yaml names it: {manifest.Full.Command}", Ship)
        : Surroundings.HasTests(facts) ? WithManifest("there are tests", "name them under suites")
        : new(Ready.More, "no tests were found", $"write some, then {Init}");

    private At Clean() =>
        facts.Unclean.Count == 0
            ? new(Ready.Holds, "the working tree is as its commit", null)
            : new(
                Ready.OneStep,
                $"{Words.Count(facts.Unclean.Count, "path")} differ from the commit, such as {facts.Unclean[0]}",
                "commit them, or: git stash --include-untracked"
            );

    private At Listed() =>
        Surroundings.HasLockFiles(facts)
            ? new(Ready.Holds, $"lock files name {Words.Count(facts.Components.Count, "package")}", null)
        : Surroundings.DeclaresPackages(facts) is { } declares
            ? new(Ready.OneStep, $"{declares} and no lock file", "commit the lock file of its package tool")
        : new(Ready.Holds, "no packages are declared", null);

    private At Audited() =>
        advisories switch
        {
            null => new(Ready.OneStep, "the home has no advisories to hold packages against", NameThem),
            0 => new(Ready.Holds, $"nothing is known against {Words.Count(facts.Components.Count, "package")}", null),
            { } known => new(Ready.More, $"{known} known weaknesses in its packages", "move to versions without them"),
        };

    private At Advisories() =>
        advisories is null
            ? new(Ready.OneStep, "the home has none", NameThem)
            : new(Ready.Holds, "the home has advisories", null);

    private const string NameThem = "put OSV's advisories into the home's folder advisories (docs/evidence.md)";

    private At Secrets() =>
        facts.Secrets.Findings == 0
            ? new(Ready.Holds, $"none in {Words.Count(facts.Secrets.Files, "tracked file")}", null)
            : new(
                facts.Secrets.Findings == 1 ? Ready.OneStep : Ready.More,
                string.Join(", ", facts.Secrets.Open.Take(5))
                    + (facts.Secrets.Findings > 5 ? $" and {facts.Secrets.Findings - 5} more" : ""),
                "take them out and change what was given away; what is none: secrets.allow in mint.yaml"
            );

    private At Database() =>
        Manifest?.Database is { } database
            ? new(Ready.Holds, $"database {database.Version} works with {database.From} to {database.To}", null)
            : WithManifest("nothing serves yet, and no database is declared", "declare database if it has one");

    private At Linked()
    {
        var (count, linked) = (facts.Commits.Count, facts.Commits.Linked);
        var found = $"{linked} of the newest {count} commits name a requirement";
        return linked < count ? new(Ready.More, found, "name one in each commit: Refs: PAY-17")
            : Manifest?.Requirements is not null ? new(Ready.Holds, found, null)
            : WithManifest(found, "add requirements: {} to mint.yaml");
    }

    private At Cases() =>
        Surroundings.HasTests(facts)
            ? WithManifest("there are tests", Ship)
            : new(Ready.More, "no tests were found", $"write some, then {Init}");

    private At Reviewed(Demand demand)
    {
        var undeclared = Surroundings.SettingsOf(facts).Except(Manifest?.Configuration ?? []).ToList();
        if (demand.Control.Id == "configuration-reviewed" && Manifest is not null && undeclared.Count > 0)
            return new(Ready.More, $"not declared: {string.Join(", ", undeclared)}", "list them under configuration");
        var owners = Surroundings.HasOwners(facts) ? "CODEOWNERS names who looks" : "nobody is named who looks";
        return facts.Commits.Authors < 2
            ? new(Ready.More, $"all of the newest commits are by one author; {owners}", "find a second person")
            : new(
                Ready.OneStep,
                $"{facts.Commits.Authors} authors; {owners}",
                "mint person add NAME --role engineer for each, then mint review"
            );
    }

    private static At Persons(Demand demand, string role)
    {
        var asked = demand.Text() is { Length: > 0 } text ? $" ({text})" : "";
        return new(
            Ready.OneStep,
            $"persons are registered where the control plane runs{asked}",
            $"mint person add NAME --role {role}"
        );
    }

    private At Signed() =>
        facts.Commits.Signed == facts.Commits.Count
            ? new(Ready.OneStep, "the newest commits are signed", "name the keys that you trust (docs/evidence.md)")
            : new(
                Ready.More,
                $"{facts.Commits.Signed} of the newest {facts.Commits.Count} commits are signed",
                "git config commit.gpgsign true, for everybody; then name the keys that you trust"
            );

    private At Reproducible() =>
        Manifest is { Build.Reproducible: true }
            ? new(Ready.OneStep, "mint.yaml requires it", Ship)
            : WithManifest("it is built once", "say reproducible: required under build, and see");

    private At Validated() =>
        Manifest?.Validation is { } validation
            ? new(Ready.OneStep, $"mint.yaml names {validation.Report}", Ship)
            : new(Ready.More, "no validation report is named", "validation.report in mint.yaml (docs/gates.md)");

    private static string Enforce(Control control) => $"{Ship}, then mint enforce SERVICE {control.Id}";

    private sealed record At(Ready State, string Found, string? Step);
}
